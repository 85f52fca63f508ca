import { strings } from '../lib/strings';

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

export type ShortcutName = 'find' | 'previous' | 'next' | 'latest' | 'landmark' | 'help';

interface Shortcut {
  readonly name: ShortcutName | null;
  readonly keys: readonly string[];
  readonly words: string;
}

/** One table of keys: what is listened to, and what the help shows. */
export const SHORTCUTS: readonly Shortcut[] = [
  { name: 'find', keys: [isMac ? '⌘' : 'Ctrl', 'K'], words: strings.shortcuts.find },
  { name: 'previous', keys: [isMac ? '⌥' : 'Alt', '↑'], words: strings.shortcuts.previous },
  { name: 'next', keys: [isMac ? '⌥' : 'Alt', '↓'], words: strings.shortcuts.next },
  { name: 'latest', keys: ['Esc'], words: strings.shortcuts.latest },
  { name: 'landmark', keys: ['F6'], words: strings.shortcuts.landmark },
  { name: null, keys: ['↑', '↓'], words: strings.shortcuts.rows },
  { name: null, keys: ['Enter'], words: strings.shortcuts.actions },
  { name: null, keys: ['Enter'], words: strings.shortcuts.send },
  { name: null, keys: ['Shift', 'Enter'], words: strings.shortcuts.newline },
  { name: null, keys: ['↑'], words: strings.shortcuts.editLast },
  { name: 'help', keys: ['?'], words: strings.shortcuts.help },
];

/** Which of them a key press is; null when none, or when it belongs to a field or a dialog. */
export function shortcutOf(event: KeyboardEvent): ShortcutName | null {
  if (event.defaultPrevented || event.isComposing) return null;
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  if ((isMac ? metaKey : ctrlKey) && !altKey && !shiftKey && key.toLowerCase() === 'k') {
    return 'find';
  }
  if (altKey && !ctrlKey && !metaKey && !shiftKey) {
    if (key === 'ArrowUp') return 'previous';
    if (key === 'ArrowDown') return 'next';
  }
  if (ctrlKey || metaKey || altKey) return null;
  if (key === 'F6') return 'landmark';
  if (key === 'Escape') return 'latest';
  if (key === '?' && !isField(event.target)) return 'help';
  return null;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}

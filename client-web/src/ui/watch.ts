import { createContext, useContext, useEffect } from 'react';

const LIMIT = 50;

export type WatchPart = 'list' | 'pane';

/** Joins what several parts of the page want to watch, the pane's first. */
export function createWatch(watch: (users: readonly string[]) => void) {
  const parts: Record<WatchPart, readonly string[]> = { pane: [], list: [] };
  let told = '';
  return (part: WatchPart, users: readonly string[]) => {
    parts[part] = users;
    const all = [...new Set([...parts.pane, ...parts.list])].slice(0, LIMIT);
    const key = [...all].sort().join(' ');
    if (key === told) return;
    told = key;
    watch(all);
  };
}

export const WatchContext = createContext<ReturnType<typeof createWatch>>(() => {});

/** Watches the presence of these people for as long as they are shown. */
export function useWatch(part: WatchPart, users: readonly string[]): void {
  const watch = useContext(WatchContext);
  const key = users.join(' ');
  useEffect(() => {
    watch(part, key === '' ? [] : key.split(' '));
  }, [watch, part, key]);
  useEffect(() => () => watch(part, []), [watch, part]);
}

/** Somebody who comes back to a window hasn't read it yet. */
const SETTLE_MILLIS = 1000;

type Listener = (attentive: boolean) => void;

/**
 * Whether a person is looking: the page is visible and has had the focus for a second. Everything
 * that counts as read asks here.
 */
export interface Attention {
  readonly now: () => boolean;
  /** Calls at every change; the answer ends it. */
  readonly subscribe: (listener: Listener) => () => void;
}

export function createAttention(): Attention {
  const listeners = new Set<Listener>();
  let attentive = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (value: boolean) => {
    if (attentive === value) return;
    attentive = value;
    for (const listener of listeners) listener(value);
  };
  const check = () => {
    clearTimeout(timer);
    if (document.visibilityState !== 'visible' || !document.hasFocus()) set(false);
    else if (!attentive) timer = setTimeout(() => set(true), SETTLE_MILLIS);
  };

  document.addEventListener('visibilitychange', check);
  window.addEventListener('focus', check);
  window.addEventListener('blur', check);
  check();

  return {
    now: () => attentive,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

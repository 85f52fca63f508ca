/**
 * A one-time link carries its secret behind the `#`, which browsers don't send. It is taken out
 * of the address bar, and of the history, before anything else happens.
 */
export function takeLink(): string | null {
  const match = /^#link=(.+)$/.exec(location.hash);
  if (match === null) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return match[1] ?? null;
}

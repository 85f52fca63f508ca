import { useSyncExternalStore } from 'react';
import { NARROW } from './media';

/** `/` is the list, `/c/<id>` a conversation; whatever else is asked for is the list. */
export type Route =
  | { readonly name: 'list' }
  | { readonly name: 'conversation'; readonly id: string };

const LIST: Route = { name: 'list' };
const CONVERSATION = /^\/c\/(c_[\w-]+)$/;

const listeners = new Set<() => void>();
let path = location.pathname;
let route = parse(path);

export function parse(pathname: string): Route {
  const id = CONVERSATION.exec(pathname)?.[1];
  return id === undefined ? LIST : { name: 'conversation', id };
}

export const pathOf = (id: string): string => `/c/${id}`;

function current(): Route {
  if (path !== location.pathname) {
    path = location.pathname;
    route = parse(path);
  }
  return route;
}

function changed(): void {
  for (const listener of listeners) listener();
}

addEventListener('popstate', changed);

export function navigate(to: string, { replace = false } = {}): void {
  if (to === location.pathname) return;
  // `inside` tells that the entry before this one is ours, so that going back stays in the app.
  if (replace) history.replaceState(history.state, '', to);
  else history.pushState({ inside: true }, '', to);
  changed();
}

/** With one pane, going back from a conversation leads to the list, never to another one. */
export function openConversation(id: string): void {
  const replace = matchMedia(NARROW).matches && current().name === 'conversation';
  navigate(pathOf(id), { replace });
}

/** Back to the list: by history where that leads there, so that it doesn't grow. */
export function leaveConversation(): void {
  if ((history.state as { inside?: boolean } | null)?.inside === true) history.back();
  else navigate('/', { replace: true });
}

export function useRoute(): Route {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}

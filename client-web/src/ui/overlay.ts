import { createContext, useContext } from 'react';

/** What may lie over the page; one at a time. */
export type Overlay =
  | { readonly name: 'find' }
  | { readonly name: 'rename' }
  | { readonly name: 'password' }
  | { readonly name: 'devices' }
  | { readonly name: 'sign-out' }
  | { readonly name: 'shortcuts' }
  | { readonly name: 'remove'; readonly conversation: string; readonly of: number };

export const OverlayContext = createContext<(overlay: Overlay) => void>(() => {});

export function useOverlay(): (overlay: Overlay) => void {
  return useContext(OverlayContext);
}

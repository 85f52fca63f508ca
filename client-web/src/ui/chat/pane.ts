import { createContext, useContext } from 'react';
import type { Names } from '../../lib/label';
import type { MessageView } from '../../sdk/state';

export type MenuKind = 'all' | 'react';

/** What a message may ask of the pane it is in. The same object for the life of the pane. */
export interface Pane {
  readonly conversation: string;
  readonly names: Names;
  readonly reply: (message: MessageView) => void;
  readonly edit: (message: MessageView) => void;
  /** Shows the message of that sequence number, if it is held. */
  readonly jumpTo: (seq: number) => void;
  readonly openMenu: (key: string, kind: MenuKind, at: () => DOMRect) => void;
  readonly observe: (row: Element, seq: number) => () => void;
  readonly focusComposer: () => void;
}

export const PaneContext = createContext<Pane | null>(null);

export function usePane(): Pane {
  const pane = useContext(PaneContext);
  if (pane === null) throw new Error('no pane above');
  return pane;
}

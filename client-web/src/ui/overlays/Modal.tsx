import { Dialog, DialogDismiss, DialogHeading } from '@ariakit/react';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { strings } from '../../lib/strings';
import css from './Modal.module.css';
import { useRestoredFocus } from './use-restored-focus';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  /** A question that has to be answered: it has no cross. */
  readonly asks?: boolean;
  /** The title is for those who hear it; the content says the same to the eye. */
  readonly bare?: boolean;
  readonly children: ReactNode;
}

export function Modal({ title, onClose, asks = false, bare = false, children }: Props) {
  useRestoredFocus();
  return (
    <Dialog
      open
      onClose={onClose}
      className={css.dialog}
      data-bare={bare || undefined}
      role={asks ? 'alertdialog' : 'dialog'}
      backdrop={<div className={css.backdrop} />}
      autoFocusOnHide={false}
      preventBodyScroll={false}
      unmountOnHide
    >
      <header className={bare ? 'visually-hidden' : css.head}>
        <DialogHeading className={css.title}>{title}</DialogHeading>
        {!asks && !bare && (
          <DialogDismiss className={css.close} aria-label={strings.common.close}>
            <X size={18} />
          </DialogDismiss>
        )}
      </header>
      {children}
    </Dialog>
  );
}

/** What a dialog can be left by, the safe way first. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className={css.actions}>{children}</div>;
}

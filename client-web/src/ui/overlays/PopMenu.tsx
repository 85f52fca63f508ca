import { Menu, MenuItem, useMenuStore } from '@ariakit/react';
import { type ComponentProps, type ReactNode, useEffect } from 'react';
import css from './PopMenu.module.css';
import { useRestoredFocus } from './use-restored-focus';

interface Props {
  readonly label: string;
  readonly at: () => DOMRect;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A menu at a place. It is there while it is rendered, and asks to be gone by `onClose`. */
export function PopMenu({ label, at, onClose, children }: Props) {
  useRestoredFocus();
  const store = useMenuStore({
    open: true,
    setOpen: (open) => {
      if (!open) onClose();
    },
    placement: 'bottom-start',
  });
  // A button of the library's would say so when it opens a menu; this one is open from the start.
  useEffect(() => store.setAutoFocusOnShow(true), [store]);
  return (
    <Menu
      store={store}
      getAnchorRect={at}
      aria-label={label}
      className={css.menu}
      gutter={6}
      overflowPadding={8}
      portal={false}
      fixed
      autoFocusOnShow
      autoFocusOnHide={false}
      unmountOnHide
    >
      {children}
    </Menu>
  );
}

interface ItemProps extends Omit<ComponentProps<typeof MenuItem>, 'className'> {
  readonly danger?: boolean;
}

export function Item({ danger = false, ...rest }: ItemProps) {
  return <MenuItem {...rest} className={css.item} data-danger={danger || undefined} />;
}

export function Line() {
  return <hr className={css.line} />;
}

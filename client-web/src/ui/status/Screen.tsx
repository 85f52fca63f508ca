import type { ReactNode } from 'react';
import css from './Screen.module.css';

interface Props {
  readonly title?: string;
  readonly text?: string;
  readonly children?: ReactNode;
}

/** A whole page with one thing to say; without a title, a blank one. */
export function Screen({ title, text, children }: Props) {
  if (title === undefined) return <main className={css.screen} aria-busy="true" />;
  return (
    <main className={css.screen}>
      <div className={css.words} role="alert">
        <h1 className={css.title}>{title}</h1>
        <p className={css.text}>{text}</p>
        <div className={css.actions}>{children}</div>
      </div>
    </main>
  );
}

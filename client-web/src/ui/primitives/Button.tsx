import type { ComponentProps } from 'react';
import css from './Button.module.css';

interface Props extends ComponentProps<'button'> {
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly small?: boolean;
}

export function Button({ kind = 'plain', small = false, type = 'button', ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={css.button}
      data-kind={kind}
      data-small={small || undefined}
    />
  );
}

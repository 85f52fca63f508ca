import type { ComponentProps } from 'react';
import css from './IconButton.module.css';

interface Props extends Omit<ComponentProps<'button'>, 'aria-label' | 'title'> {
  /** Its name, for those who hear it and in the tooltip. */
  readonly label: string;
  readonly kind?: 'plain' | 'accent';
  readonly small?: boolean;
}

export function IconButton({ label, kind = 'plain', small = false, type, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      className={css.button}
      data-kind={kind}
      data-small={small || undefined}
      aria-label={label}
      title={label}
    />
  );
}

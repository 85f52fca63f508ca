import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useId, useState } from 'react';
import { strings } from '../../lib/strings';
import css from './Field.module.css';

interface Props extends ComponentProps<'input'> {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
}

/** An input with its label, a hint, and what is wrong with it. */
export function Field({ label, hint, error = null, type = 'text', ...rest }: Props) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const secret = type === 'password';
  const described = error !== null ? `${id}-error` : hint !== undefined ? `${id}-hint` : undefined;
  return (
    <div className={css.field}>
      <label htmlFor={id} className={css.label}>
        {label}
      </label>
      <div className={css.box}>
        <input
          {...rest}
          id={id}
          type={secret && shown ? 'text' : type}
          className={css.input}
          aria-invalid={error !== null}
          aria-describedby={described}
        />
        {secret && (
          <button
            type="button"
            className={css.eye}
            aria-label={shown ? strings.account.hidePassword : strings.account.showPassword}
            aria-controls={id}
            onClick={() => setShown(!shown)}
          >
            {shown ? <EyeOff size={18} /> : <Eye size={18} />}
          </button>
        )}
      </div>
      {error !== null ? (
        <p id={`${id}-error`} className={css.error}>
          {error}
        </p>
      ) : (
        hint !== undefined && (
          <p id={`${id}-hint`} className={css.hint}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

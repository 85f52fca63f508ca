import { type FormEvent, useEffect, useRef, useState } from 'react';
import { callFailure } from '../../lib/failures';
import { strings } from '../../lib/strings';
import { type AccountApi, ApiError } from '../../sdk/api';
import type { Person } from '../../sdk/state';
import { Button } from '../primitives/Button';
import { Field } from '../primitives/Field';
import { Mark } from '../primitives/Mark';
import css from './SignIn.module.css';

interface Props {
  readonly account: AccountApi;
  readonly username: string;
  readonly notice: string | null;
  /** Null unless a link waits that can be tried again. */
  readonly onRetryLink: (() => void) | null;
  readonly onSignedIn: (person: Person) => void;
}

interface Fault {
  /** Null when it concerns no single input. */
  readonly field: string | null;
  readonly words: string;
}

const FIELDS = ['username', 'password', 'displayName'];

/** Signing in, and up: one page that turns over. */
export function SignIn({ account, username, notice, onRetryLink, onSignedIn }: Props) {
  const [isNew, setNew] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const words = strings.account;

  // Names go where the fault is, so that it is heard and can be mended at once.
  useEffect(() => {
    if (fault?.field != null)
      form.current?.querySelector<HTMLElement>(`[name="${fault.field}"]`)?.focus();
  }, [fault]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const entered = new FormData(event.currentTarget);
    const value = (name: string) => String(entered.get(name) ?? '');
    const name = value('username').trim();
    const missing = [name === '' && 'username', value('password') === '' && 'password'];
    const empty = missing.find((field) => field !== false);
    if (empty) return setFault({ field: empty, words: words.required });
    setBusy(true);
    setFault(null);
    try {
      onSignedIn(
        isNew
          ? await account.signUp(name, value('password'), value('displayName').trim() || null)
          : await account.signIn(name, value('password')),
      );
    } catch (error) {
      const field = error instanceof ApiError ? fieldOf(error) : null;
      setFault({ field, words: callFailure(error) });
    } finally {
      setBusy(false);
    }
  };
  const errorOf = (field: string) => (fault?.field === field ? fault.words : null);

  return (
    <main className={css.page}>
      <div className={css.sheet}>
        <header className={css.head}>
          <Mark />
          <h1 className={css.title}>{strings.app}</h1>
          <p className={css.tagline}>{words.tagline}</p>
        </header>
        {notice !== null && (
          <div className={css.notice} role="status">
            {notice}
            {onRetryLink !== null && (
              <Button small onClick={onRetryLink}>
                {words.useLink}
              </Button>
            )}
          </div>
        )}
        <form ref={form} className={css.form} onSubmit={submit} noValidate>
          <Field
            label={words.username}
            name="username"
            defaultValue={username}
            error={errorOf('username')}
            {...(isNew ? { hint: words.usernameHint } : {})}
            autoComplete="username"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            dir="auto"
            maxLength={64}
            autoFocus={username === ''}
          />
          {isNew && (
            <Field
              label={words.displayName}
              name="displayName"
              error={errorOf('displayName')}
              hint={words.displayNameHint}
              autoComplete="name"
              dir="auto"
              maxLength={64}
            />
          )}
          <Field
            label={words.password}
            name="password"
            type="password"
            error={errorOf('password')}
            {...(isNew ? { hint: words.passwordHint } : {})}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            maxLength={128}
            autoFocus={username !== ''}
          />
          {fault !== null && fault.field === null && (
            <p className={css.fault} role="alert">
              {fault.words}
            </p>
          )}
          <Button type="submit" kind="primary" aria-disabled={busy}>
            {busy ? words.working : isNew ? words.create : words.signIn}
          </Button>
        </form>
        <p className={css.turn}>
          {isNew ? words.haveAccount : words.newHere}
          <Button
            kind="quiet"
            small
            onClick={() => {
              setNew(!isNew);
              setFault(null);
            }}
          >
            {isNew ? words.signIn : words.signUp}
          </Button>
        </p>
      </div>
    </main>
  );
}

/** A field at fault is shown at its input, if there is one; a name taken can only be the username. */
function fieldOf(error: ApiError): string | null {
  if (error.code === 'taken') return 'username';
  return error.field !== null && FIELDS.includes(error.field) ? error.field : null;
}

import { strings } from '../../lib/strings';
import { navigate } from '../../platform/router';
import { useChat } from '../client';
import { useOverlay } from '../overlay';
import { Button } from '../primitives/Button';
import { Mark } from '../primitives/Mark';
import css from './NoChat.module.css';

/** The pane while no chat is chosen. */
export function NoChat() {
  const openOverlay = useOverlay();
  const empty = useChat((state) => state.inbox.length === 0);
  if (empty) {
    // The list beside it says what to do; twice would be a nag.
    return (
      <main className={css.pane}>
        <Mark size={56} />
        <h1 className={css.title}>{strings.app}</h1>
        <p className={css.text}>{strings.account.tagline}</p>
      </main>
    );
  }
  return (
    <main className={css.pane}>
      <Mark size={56} />
      <h1 className={css.title}>{strings.pane.none}</h1>
      <p className={css.text}>{strings.pane.noneText}</p>
      <Button onClick={() => openOverlay({ name: 'find' })}>{strings.list.find}</Button>
    </main>
  );
}

/** The pane where an address leads to nothing. */
export function NotFound() {
  return (
    <div className={css.pane}>
      <h1 className={css.title}>{strings.pane.notFound}</h1>
      <p className={css.text}>{strings.pane.notFoundText}</p>
      <Button onClick={() => navigate('/', { replace: true })}>{strings.pane.toList}</Button>
    </div>
  );
}

import { Clock3 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { strings } from '../../lib/strings';
import type { MessageView } from '../../sdk/state';
import { clock } from '../clock';
import css from './Meta.module.css';
import { StateIcon } from './StateIcon';

/** So long, a message on its way needs no words. */
const PATIENCE_MILLIS = 3000;

/** When it was said, and how far it has come; on the last line of the text if it has room there. */
export function Meta({ message }: { message: MessageView }) {
  const { at, state, edited, deleted, changes } = message;
  const changing = changes.some(({ failure }) => failure === null);
  return (
    <span className={css.meta}>
      {edited && !deleted && <span>{strings.message.edited}</span>}
      <SlowWords message={message} />
      <time dateTime={new Date(at).toISOString()} title={clock.full(at)}>
        {clock.time(at)}
      </time>
      {changing ? (
        <span title={strings.message.changeWaiting}>
          <Clock3 size={13} strokeWidth={2.25} aria-hidden="true" />
          <span className="visually-hidden">{strings.message.changeWaiting}</span>
        </span>
      ) : (
        state !== null && !deleted && <StateIcon state={state} />
      )}
    </span>
  );
}

function SlowWords({ message: { state, at } }: { message: MessageView }) {
  const waits = state === 'queued' || state === 'sending';
  const [slow, setSlow] = useState(() => Date.now() - at >= PATIENCE_MILLIS);
  useEffect(() => {
    if (!waits || slow) return;
    const timer = setTimeout(() => setSlow(true), at + PATIENCE_MILLIS - Date.now());
    return () => clearTimeout(timer);
  }, [waits, slow, at]);
  if (!waits || !slow) return null;
  return (
    <span>{state === 'sending' ? strings.message.sendingSlowly : strings.message.waiting}</span>
  );
}

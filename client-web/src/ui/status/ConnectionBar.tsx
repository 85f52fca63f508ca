import { useEffect, useState } from 'react';
import { strings } from '../../lib/strings';
import { useChat, useClient } from '../client';
import css from './ConnectionBar.module.css';

/** Most breaks are over by then, and nobody needs to know of them. */
const QUIET_MILLIS = 2000;

/** How it stands with the server, once it has stood badly for two seconds. What it says is one line. */
export function ConnectionBar() {
  const client = useClient();
  const connection = useChat((state) => state.connection);
  const { phase, since } = connection;
  const broken = phase === 'connecting' || phase === 'waiting';
  const now = useSeconds(broken);
  const brokenSince = useBrokenSince(broken, since);
  const shown = broken && now - brokenSince >= QUIET_MILLIS;

  let words = '';
  if (connection.phase === 'connecting') words = strings.connection.connecting;
  if (connection.phase === 'waiting') {
    const seconds = Math.max(1, Math.ceil((connection.retryAt - now) / 1000));
    words = connection.offline ? strings.connection.offline : strings.connection.retrying(seconds);
  }
  return (
    <div data-connection={phase} data-shown={shown}>
      {shown && (
        <div className={css.bar}>
          {/* The count down is for the eye; heard, it would never end. */}
          <span role="status" className="visually-hidden">
            {connection.phase === 'waiting' && connection.offline
              ? strings.connection.offline
              : strings.connection.connecting}
          </span>
          <span aria-hidden="true">{words}</span>
          {phase === 'waiting' && (
            <button type="button" className={css.retry} onClick={() => client.retryNow()}>
              {strings.connection.retry}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** Since when it isn't live: trying and waiting take turns, and each begins its own time. */
function useBrokenSince(broken: boolean, since: number): number {
  const [first, setFirst] = useState<number | null>(null);
  if (broken && first === null) setFirst(since);
  if (!broken && first !== null) setFirst(null);
  return first ?? since;
}

function useSeconds(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

import { Check, CheckCheck, CircleAlert, Clock3 } from 'lucide-react';
import { strings } from '../../lib/strings';
import type { MessageState } from '../../sdk/state';
import css from './StateIcon.module.css';

const ICONS = {
  queued: Clock3,
  sending: Clock3,
  stored: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
} as const;

/** How far a message of mine has come: a shape and a word, and a colour only besides. */
export function StateIcon({ state, size = 14 }: { state: MessageState; size?: number }) {
  const Icon = ICONS[state];
  const words = strings.message.states[state];
  return (
    <span className={css.icon} data-icon={state} title={words}>
      <Icon size={size} strokeWidth={2.25} aria-hidden="true" />
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

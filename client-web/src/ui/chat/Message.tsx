import { memo, type PointerEvent, useEffect, useRef, useState } from 'react';
import { isBigEmoji } from '../../lib/emoji';
import { messageLabel } from '../../lib/label';
import { strings } from '../../lib/strings';
import type { MessageView } from '../../sdk/state';
import { clock } from '../clock';
import { Changes } from './Changes';
import { Failed } from './Failed';
import css from './Message.module.css';
import { MessageActions } from './MessageActions';
import { MessageText } from './MessageText';
import { Meta } from './Meta';
import { usePane } from './pane';
import { QuoteBlock } from './QuoteBlock';
import { Reactions } from './Reactions';
import { useMenuGesture } from './use-menu-gesture';

interface Props {
  readonly message: MessageView;
  readonly first: boolean;
  readonly last: boolean;
  /** Whether it shows its time and its state. */
  readonly signed: boolean;
  /** Whether Tab stops here. */
  readonly stop: boolean;
  readonly flashed: boolean;
}

/** A message in its bubble, with all that hangs on it. */
export const Message = memo(function Message(props: Props) {
  const { message, first, last, signed, stop, flashed } = props;
  const { key, seq, mine, deleted, state } = message;
  const pane = usePane();
  const article = useRef<HTMLElement>(null);
  const [hovered, setHovered] = useState(false);
  const gesture = useMenuGesture(key, deleted);
  const isNew = useBornHere(message);

  // What is read is the peer's, and has a place in the log.
  const observed = mine ? null : seq;
  useEffect(() => {
    if (observed === null || article.current === null) return;
    return pane.observe(article.current, observed);
  }, [pane, observed]);

  const hover = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') setHovered(event.type === 'pointerenter');
  };
  const big = !deleted && message.replyTo === null && isBigEmoji(message.text);
  return (
    <article
      ref={article}
      className={css.message}
      aria-label={messageLabel(message, pane.names, clock.full(message.at))}
      tabIndex={stop ? 0 : -1}
      data-key={key}
      data-seq={seq ?? undefined}
      data-state={state ?? undefined}
      data-mine={mine}
      data-first={first}
      data-last={last}
      data-new={isNew || undefined}
      onPointerEnter={hover}
      onPointerLeave={hover}
    >
      <div className={css.line}>
        <div
          className={css.bubble}
          data-bubble=""
          data-big={big || undefined}
          data-deleted={deleted || undefined}
          data-failed={state === 'failed' || undefined}
          data-flashed={flashed || undefined}
          {...gesture}
        >
          {message.replyTo !== null && !deleted && <QuoteBlock quote={message.replyTo} />}
          <div className={css.body} dir="auto">
            <span data-text="">
              {deleted ? strings.message.deleted : <MessageText text={message.text} />}
            </span>
            {signed && <Meta message={message} />}
          </div>
          {state === 'failed' && <Failed message={message} />}
        </div>
        {hovered && !deleted && <MessageActions message={message} />}
      </div>
      {message.reactions.length > 0 && <Reactions message={message} />}
      <Changes message={message} />
    </article>
  );
});

/** Whether it was written here just now: such a bubble rises, and others are simply there. */
function useBornHere({ mine, seq, at }: MessageView): boolean {
  const [born] = useState(() => mine && seq === null && Date.now() - at < 500);
  return born;
}

import { ArrowUp, Check, X } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, type RefObject, useLayoutEffect } from 'react';
import { nameOf } from '../../lib/label';
import { strings } from '../../lib/strings';
import { NARROW, TOUCH, useMedia } from '../../platform/media';
import { useChat, useClient, useConversation } from '../client';
import { IconButton } from '../primitives/IconButton';
import css from './Composer.module.css';
import { usePane } from './pane';
import type { ComposerState } from './use-composer';

/** How near to the limit the counter shows itself. */
const NEAR_LIMIT = 200;
const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content');

interface Props {
  readonly composer: ComposerState;
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

export function Composer({ composer, field }: Props) {
  const client = useClient();
  const { draft, error } = composer;
  const limit = useChat((state) => state.textLimit);
  // A phone's keyboard has no Shift+Enter, so its Enter makes a line and the button sends.
  const touch = useMedia(TOUCH);
  const narrow = useMedia(NARROW);
  const enterSends = !(touch && narrow);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Enter and the arrows belong to the input method while it composes; Safari says so by 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const plain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === 'Enter' && (enterSends ? plain : event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      composer.send();
    } else if (event.key === 'ArrowUp' && plain && draft.text === '' && draft.edits === null) {
      if (composer.editLast()) event.preventDefault();
    } else if (event.key === 'Escape' && composer.cancel()) {
      event.preventDefault();
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    composer.send();
  };

  useLayoutEffect(() => {
    const area = field.current;
    if (GROWS_BY_ITSELF || area === null) return;
    area.style.blockSize = 'auto';
    area.style.blockSize = draft.text === '' ? '' : `${area.scrollHeight}px`;
  }, [field, draft.text]);

  const editing = draft.edits !== null;
  const left = draft.text.length > limit - NEAR_LIMIT ? limit - codePoints(draft.text) : limit;
  const sendable = left >= 0 && client.textFault(draft.text) === null;
  return (
    <form className={css.composer} onSubmit={onSubmit} data-landmark="composer">
      <div className={css.box}>
        <Target composer={composer} />
        <div className={css.line}>
          <textarea
            ref={field}
            className={css.field}
            rows={1}
            value={draft.text}
            placeholder={strings.composer.placeholder}
            aria-label={strings.composer.label}
            aria-invalid={error !== null || left < 0}
            aria-describedby="composer-says"
            dir="auto"
            enterKeyHint={enterSends ? 'send' : 'enter'}
            autoComplete="off"
            onChange={(event) => composer.write(event.target.value)}
            onKeyDown={onKeyDown}
          />
          <IconButton
            type="submit"
            kind="accent"
            label={editing ? strings.composer.saveEdit : strings.composer.send}
            disabled={!sendable}
            // The field keeps the focus, and a phone its keyboard.
            onPointerDown={(event) => event.preventDefault()}
          >
            {editing ? <Check size={20} /> : <ArrowUp size={20} />}
          </IconButton>
        </div>
        <p
          id="composer-says"
          className={css.says}
          data-bad={error !== null || left < 0 || undefined}
        >
          {error ??
            (left < 0
              ? strings.composer.over(-left)
              : left <= NEAR_LIMIT
                ? strings.composer.left(left)
                : '')}
        </p>
      </div>
    </form>
  );
}

/** The message that is answered or edited. */
function Target({ composer }: { composer: ComposerState }) {
  const { names } = usePane();
  const { replyTo, edits } = composer.draft;
  const of = edits ?? replyTo;
  const messages = useConversation(composer.conversation)?.timeline?.messages;
  if (of === null) return null;
  const message = messages?.find(({ seq }) => seq === of);
  const words = strings.composer;
  const title =
    edits !== null
      ? words.editing
      : message?.mine
        ? words.replyingToSelf
        : words.replying(nameOf(message?.by ?? null, names));
  return (
    <div className={css.target}>
      <div className={css.quote}>
        <p className={css.title}>{title}</p>
        <p className={css.excerpt} dir="auto">
          {message?.text || strings.message.quoteUnknown}
        </p>
      </div>
      <IconButton
        small
        label={edits !== null ? words.cancelEdit : words.cancelReply}
        onClick={() => composer.cancel()}
      >
        <X size={16} />
      </IconButton>
    </div>
  );
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

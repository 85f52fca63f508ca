import { MenuItem } from '@ariakit/react';
import { Copy, CornerLeftUp, ExternalLink, Pencil, Reply, RotateCw, Trash2, X } from 'lucide-react';
import { QUICK_EMOJI } from '../../lib/emoji';
import { pieces } from '../../lib/links';
import { strings } from '../../lib/strings';
import type { MessageView } from '../../sdk/state';
import { copyText } from '../chat/copy';
import { type MenuKind, usePane } from '../chat/pane';
import { useClient } from '../client';
import { useOverlay } from '../overlay';
import css from './MessageMenu.module.css';
import { Item, Line, PopMenu } from './PopMenu';

interface Props {
  readonly message: MessageView;
  readonly kind: MenuKind;
  readonly at: () => DOMRect;
  readonly onClose: () => void;
}

/** What can be done with a message: by whom, and while it is what it is. */
export default function MessageMenu({ message, kind, at, onClose }: Props) {
  const client = useClient();
  const pane = usePane();
  const openOverlay = useOverlay();
  const { key, seq, mine, state, deleted } = message;
  const words = strings.message;
  if (deleted) return null;
  const stored = seq !== null;
  return (
    <PopMenu label={words.actions} at={at} onClose={onClose}>
      {stored && <Emoji message={message} />}
      {kind === 'all' && (
        <>
          {stored && <Line />}
          {stored && (
            <Item onClick={() => pane.reply(message)}>
              <Reply size={17} />
              {words.reply}
            </Item>
          )}
          {state === 'failed' && (
            <Item onClick={() => void client.retry(key)}>
              <RotateCw size={17} />
              {words.retry}
            </Item>
          )}
          <Item onClick={() => void copyText(message.text)}>
            <Copy size={17} />
            {words.copy}
          </Item>
          <Leads message={message} />
          {mine && stored && (
            <>
              <Item onClick={() => pane.edit(message)}>
                <Pencil size={17} />
                {words.edit}
              </Item>
              <Item
                danger
                onClick={() =>
                  openOverlay({ name: 'remove', conversation: pane.conversation, of: seq })
                }
              >
                <Trash2 size={17} />
                {words.remove}
              </Item>
            </>
          )}
          {mine && !stored && (
            <Item danger onClick={() => void client.discard(key)}>
              {state === 'failed' ? <Trash2 size={17} /> : <X size={17} />}
              {state === 'failed' ? words.discard : words.callBack}
            </Item>
          )}
        </>
      )}
    </PopMenu>
  );
}

/** Where the message leads: Tab stops at messages, not at what is in them. */
function Leads({ message: { replyTo, text } }: { message: MessageView }) {
  const pane = usePane();
  const hrefs = new Set(pieces(text).flatMap(({ href }) => href ?? []));
  return (
    <>
      {replyTo !== null && (
        <Item onClick={() => pane.jumpTo(replyTo.seq)}>
          <CornerLeftUp size={17} />
          {strings.message.quoteJump}
        </Item>
      )}
      {[...hrefs].map((href) => (
        <Item key={href} render={<a href={href} target="_blank" rel="noopener noreferrer ugc" />}>
          <ExternalLink size={17} />
          <span className={css.href}>{strings.message.openLink(href)}</span>
        </Item>
      ))}
    </>
  );
}

/** A row of emoji: left and right go through it, up and down past it. */
function Emoji({ message: { seq, reactions } }: { message: MessageView }) {
  const client = useClient();
  const { conversation } = usePane();
  const mine = new Set(reactions.filter((r) => r.mine).map(({ emoji }) => emoji));
  const others = reactions.map(({ emoji }) => emoji).filter((emoji) => !isQuick(emoji));
  return (
    <div className={css.emoji} role="presentation">
      {[...QUICK_EMOJI, ...others].map((emoji) => (
        <MenuItem
          key={emoji}
          rowId="emoji"
          className={css.one}
          data-mine={mine.has(emoji) || undefined}
          aria-label={
            mine.has(emoji)
              ? strings.message.removeReaction(emoji)
              : strings.message.addReaction(emoji)
          }
          onClick={() => {
            if (seq !== null) void client.react(conversation, seq, emoji, !mine.has(emoji));
          }}
        >
          {emoji}
        </MenuItem>
      ))}
    </div>
  );
}

function isQuick(emoji: string): boolean {
  return (QUICK_EMOJI as readonly string[]).includes(emoji);
}

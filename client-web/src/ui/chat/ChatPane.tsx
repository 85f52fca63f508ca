import { useEffect, useMemo, useRef, useState } from 'react';
import { NARROW, TOUCH, useMedia } from '../../platform/media';
import { useShortcut } from '../../platform/use-shortcut';
import type { Person } from '../../sdk/state';
import { useChat, useClient, useConversation } from '../client';
import { ConnectionBar } from '../status/ConnectionBar';
import { useWatch } from '../watch';
import { ChatHeader } from './ChatHeader';
import css from './ChatPane.module.css';
import { Composer } from './Composer';
import { NotFound } from './NoChat';
import { type Pane, PaneContext } from './pane';
import { Timeline, type TimelineHandle } from './Timeline';
import { TimelineSkeleton } from './TimelineSkeleton';
import { useComposer } from './use-composer';
import { useIncoming } from './use-incoming';

/** A conversation: who it is with, what was said, and where to say more. */
export default function ChatPane({ id }: { id: string }) {
  const client = useClient();
  const conversation = useConversation(id);
  const inboxLoaded = useChat((state) => state.inboxLoaded);
  const [asked, setAsked] = useState(false);
  // Beside the list, the list says it.
  const narrow = useMedia(NARROW);
  const peer = conversation?.peer;
  useWatch('pane', peer === undefined ? [] : [peer.id]);

  useEffect(() => {
    let left = false;
    const answered = () => {
      if (!left) setAsked(true);
    };
    client.open(id).then(answered, answered);
    return () => {
      left = true;
      client.close(id);
    };
  }, [client, id]);

  return (
    <main className={css.pane} data-conversation={id}>
      {narrow && (
        <div className={css.over}>
          <ConnectionBar />
        </div>
      )}
      {peer !== undefined ? (
        <OpenChat id={id} peer={peer} />
      ) : asked && inboxLoaded ? (
        <NotFound />
      ) : (
        <TimelineSkeleton />
      )}
    </main>
  );
}

function OpenChat({ id, peer }: { id: string; peer: Person }) {
  const me = useChat((state) => state.me.id);
  const timeline = useRef<TimelineHandle>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const composer = useComposer(id, field, () => timeline.current?.onSent());
  const loaded = useChat((state) => state.conversations[id]?.timeline != null);
  useIncoming(id);

  // Actions change with every render, and rows shall not: they reach them through a ref.
  const latest = useRef(composer);
  latest.current = composer;
  const peerName = peer.displayName;
  const pane = useMemo<Pane>(
    () => ({
      conversation: id,
      names: { me, peerName },
      reply: (message) => latest.current.reply(message),
      edit: (message) => latest.current.edit(message),
      jumpTo: (seq) => timeline.current?.jumpTo(seq),
      openMenu: (key, kind, at) => timeline.current?.openMenu(key, kind, at),
      observe: (row, seq) => timeline.current?.observe(row, seq) ?? (() => {}),
      focusComposer: () => field.current?.focus(),
    }),
    [id, me, peerName],
  );

  useEffect(() => {
    if (!matchMedia(TOUCH).matches) field.current?.focus();
  }, []);
  useShortcut('latest', () => {
    timeline.current?.toLatest();
    field.current?.focus();
  });

  return (
    <PaneContext value={pane}>
      <ChatHeader id={id} />
      {loaded ? <Timeline id={id} ref={timeline} /> : <TimelineSkeleton />}
      <Composer composer={composer} field={field} />
    </PaneContext>
  );
}

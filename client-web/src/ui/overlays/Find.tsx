import { Combobox, ComboboxItem, ComboboxList, ComboboxProvider } from '@ariakit/react';
import { Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { strings } from '../../lib/strings';
import { openConversation } from '../../platform/router';
import type { ConversationView, Person } from '../../sdk/state';
import { useChat, useClient } from '../client';
import { Avatar } from '../primitives/Avatar';
import css from './Find.module.css';
import { Modal } from './Modal';
import { useCall } from './use-call';
import { MIN_PREFIX, usePeople } from './use-people';

const CHATS_SHOWN = 8;

/** Goes to a chat, or begins one: my own chats by any part of a name, others by their username. */
export function Find({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const [typed, setTyped] = useState('');
  const inbox = useChat((state) => state.inbox);
  const conversations = useChat((state) => state.conversations);
  const me = useChat((state) => state.me.id);
  const call = useCall();

  const query = typed.trim().replace(/^@/, '');
  const chats = inbox
    .map((id) => conversations[id])
    .filter((chat) => chat !== undefined)
    .filter(({ peer }) => matches(peer, query))
    .slice(0, CHATS_SHOWN);
  const { people, words } = usePeople(query);
  const known = new Set(Object.values(conversations).map(({ peer }) => peer.id));
  const others = people.filter(({ id }) => id !== me && !known.has(id));

  const go = (id: string) => {
    onClose();
    openConversation(id);
  };
  const begin = ({ username }: Person) =>
    call.run(async () => go(await client.startWith(username)));

  return (
    <Modal bare title={strings.list.find} onClose={onClose}>
      <ComboboxProvider open setValue={setTyped}>
        <div className={css.head}>
          <Search size={18} aria-hidden="true" />
          <Combobox
            className={css.input}
            aria-label={strings.list.find}
            placeholder={strings.find.placeholder}
            autoSelect="always"
            autoFocus
            autoCapitalize="none"
            spellCheck={false}
            dir="auto"
          />
        </div>
        <ComboboxList className={css.list} alwaysVisible aria-label={strings.list.find}>
          <Group title={strings.find.chats}>
            {chats.map((chat: ConversationView) => (
              <PersonItem key={chat.id} person={chat.peer} onPick={() => go(chat.id)} />
            ))}
          </Group>
          <Group title={strings.find.people}>
            {others.map((person) => (
              <PersonItem key={person.id} person={person} onPick={() => begin(person)} />
            ))}
          </Group>
        </ComboboxList>
        <p className={css.words} role="status">
          {call.errorOf() ??
            words ??
            (query.length < MIN_PREFIX
              ? strings.find.hint
              : others.length + chats.length === 0
                ? strings.find.nobody(query)
                : '')}
        </p>
      </ComboboxProvider>
    </Modal>
  );
}

function Group({ title, children }: { title: string; children: readonly ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
    <div role="group" aria-label={title}>
      <p className={css.title} aria-hidden="true">
        {title}
      </p>
      {children}
    </div>
  );
}

function PersonItem({ person, onPick }: { person: Person; onPick: () => void }) {
  return (
    <ComboboxItem
      className={css.item}
      value={person.username}
      setValueOnClick={false}
      hideOnClick={false}
      focusOnHover
      onClick={onPick}
    >
      <Avatar person={person} />
      <span className={css.names}>
        <span>
          <bdi>{person.displayName}</bdi>
        </span>
        <span className={css.username}>
          @<bdi>{person.username}</bdi>
        </span>
      </span>
    </ComboboxItem>
  );
}

function matches({ username, displayName }: Person, query: string): boolean {
  return [username, displayName].some((name) => fold(name).includes(fold(query)));
}

/** "Zoë" is found by "zoe". */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

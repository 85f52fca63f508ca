import type { Json, Scenario, Step } from './scenario';

/** What docs/protocol.md tells by example, and what its tables say. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a hello is answered by a welcome and an inbox',
    steps: [
      { open: 'ada' },
      { as: 'ada', hear: { t: 'welcome', user: { id: '$ada' }, epoch: '$epoch' } },
      { as: 'ada', hear: { t: 'inbox', conversations: [], more: false, since: '$since' } },
      { as: 'ada', say: { t: 'ping', id: 7 } },
      { as: 'ada', hear: { t: 'pong', re: 7 } },
    ],
  },
  {
    name: 'a second hello, and a first frame that is none, end the session',
    steps: [
      { open: 'ada' },
      { as: 'ada', say: { t: 'hello', id: 9 } },
      { as: 'ada', hear: { t: 'bye', code: 'protocol_error', reconnect: true } },
    ],
  },
  {
    name: 'copies of somebody else are kept apart',
    steps: [
      { open: 'ada', hello: { user: '$bob', cursors: [['$c', 0]] } },
      { as: 'ada', hear: { t: 'bye', code: 'other_user', reconnect: false } },
    ],
  },
  {
    name: 'the first operation opens the log, and both are told of it',
    steps: [
      { open: 'ada' },
      { open: 'bob' },
      { as: 'bob', hear: { t: 'inbox', conversations: [], more: false } },
      send(1, 'Hello'),
      accepted(1, 2),
      { as: 'ada', hear: { t: 'conversation', conversation: { id: '$c', head: 0 } } },
      {
        as: 'ada',
        hear: {
          t: 'events',
          conversation: '$c',
          events: [
            { seq: 1, kind: 'opened', by: '$ada' },
            { seq: 2, kind: 'message', by: '$ada', text: 'Hello', replyTo: null, n: 1 },
          ],
        },
      },
      { as: 'bob', hear: { t: 'conversation', conversation: { id: '$c', head: 0 } } },
      { as: 'bob', hear: { t: 'events', conversation: '$c', events: [{ seq: 1 }, { seq: 2 }] } },
    ],
  },
  {
    name: 'a retry is answered as the first time',
    steps: [
      { open: 'ada' },
      send(1, 'a'),
      accepted(1, 2),
      send(2, 'b'),
      { cut: 'ada' },
      { open: 'ada2' },
      send(2, 'b', 'ada2'),
      { as: 'ada2', hear: { t: 'accepted', n: 2, seq: 3, duplicate: true } },
    ],
  },
  {
    name: 'a number is taken in order only, and holds one operation for ever',
    steps: [
      { open: 'ada' },
      send(2, 'too early'),
      { as: 'ada', hear: { t: 'error', code: 'out_of_order', expected: 1, retryable: true } },
      send(1, 'a'),
      accepted(1, 2),
      send(1, 'other'),
      { as: 'ada', hear: { t: 'error', code: 'conflict', retryable: false } },
      send(3, 'too early again'),
      { as: 'ada', hear: { t: 'error', code: 'out_of_order', expected: 2 } },
    ],
  },
  {
    name: 'a skip settles it either way',
    steps: [
      { open: 'ada' },
      send(1, 'a'),
      accepted(1, 2),
      { as: 'ada', say: op(1, { kind: 'skip' }) },
      { as: 'ada', hear: { t: 'accepted', n: 1, seq: 2, duplicate: true } },
      { as: 'ada', say: op(2, { kind: 'skip' }) },
      { as: 'ada', hear: { t: 'skipped', n: 2 } },
      send(2, 'a late copy'),
      { as: 'ada', hear: { t: 'error', code: 'not_stored', retryable: false } },
      send(3, 'b'),
      accepted(3, 4),
    ],
  },
  {
    name: 'a skip is a place in the log for both, and stays one through a crash',
    steps: [
      { open: 'ada' },
      { open: 'bob' },
      { as: 'ada', say: op(1, { kind: 'skip' }) },
      { as: 'ada', hear: { t: 'skipped', n: 1 } },
      {
        as: 'bob',
        hear: { t: 'events', events: [{ seq: 1 }, { seq: 2, kind: 'skipped', by: '$ada' }] },
      },
      { server: 'crash' },
      { open: 'ada2' },
      send(1, 'a late copy', 'ada2'),
      { as: 'ada2', hear: { t: 'error', code: 'not_stored', retryable: false } },
      { as: 'ada2', say: op(1, { kind: 'skip' }) },
      { as: 'ada2', hear: { t: 'skipped', n: 1 } },
      send(2, 'b', 'ada2'),
      { as: 'ada2', hear: { t: 'accepted', n: 2, seq: 3 } },
    ],
  },
  {
    name: 'a refusal for good spends its number, until a crash forgets it',
    steps: [
      { open: 'ada' },
      send(1, 'a'),
      accepted(1, 2),
      send(2, '\u0000'),
      { as: 'ada', hear: { t: 'error', code: 'invalid_text', retryable: false } },
      send(2, '\u0000'),
      { as: 'ada', hear: { t: 'error', code: 'not_stored', retryable: false } },
      { server: 'crash' },
      { open: 'ada2' },
      send(3, 'c', 'ada2'),
      { as: 'ada2', hear: { t: 'error', code: 'out_of_order', expected: 2 } },
      { as: 'ada2', say: op(2, { kind: 'skip' }) },
      { as: 'ada2', hear: { t: 'skipped', n: 2 } },
      send(3, 'c', 'ada2'),
      { as: 'ada2', hear: { t: 'accepted', n: 3, seq: 4 } },
    ],
  },
  {
    name: 'a number that a later event stepped over stays spent through a crash',
    steps: [
      { open: 'ada' },
      send(1, '\u0000'),
      { as: 'ada', hear: { t: 'error', code: 'invalid_text', retryable: false } },
      send(2, 'b'),
      accepted(2, 2),
      { server: 'crash' },
      { open: 'ada2' },
      send(1, 'a', 'ada2'),
      { as: 'ada2', hear: { t: 'error', code: 'not_stored' } },
    ],
  },
  {
    name: 'an outbox that was not given out is nobody’s',
    steps: [
      { open: 'ada' },
      { as: 'ada', say: { ...op(1, { kind: 'message', text: 'a' }), outbox: 4_711 } },
      { as: 'ada', hear: { t: 'error', code: 'invalid', retryable: false } },
      { as: 'ada', say: { ...op(1, { kind: 'skip' }), conversation: 'c_none' } },
      { as: 'ada', hear: { t: 'error', code: 'not_found', retryable: false } },
    ],
  },
  {
    name: 'who may change what',
    steps: [
      { open: 'ada' },
      { open: 'bob' },
      send(1, 'a'),
      accepted(1, 2),
      { as: 'bob', say: op(1, { kind: 'edit', of: 2, text: 'mine' }, '$bobs') },
      { as: 'bob', hear: { t: 'error', code: 'forbidden' } },
      { as: 'bob', say: op(2, { kind: 'react', of: 2, emoji: '👋', on: true }, '$bobs') },
      { as: 'bob', hear: { t: 'accepted', n: 2, seq: 3 } },
      { as: 'bob', say: op(3, { kind: 'react', of: 2, emoji: 'two', on: true }, '$bobs') },
      { as: 'bob', hear: { t: 'error', code: 'invalid' } },
      { as: 'ada', say: op(2, { kind: 'edit', of: 1, text: 'no message' }) },
      { as: 'ada', hear: { t: 'error', code: 'invalid' } },
      { as: 'ada', say: op(3, { kind: 'delete', of: 2 }) },
      { as: 'ada', hear: { t: 'accepted', n: 3, seq: 4 } },
      { as: 'ada', say: op(4, { kind: 'edit', of: 2, text: 'too late' }) },
      { as: 'ada', hear: { t: 'error', code: 'gone' } },
      { as: 'ada', say: op(5, { kind: 'message', text: 'still there', replyTo: 2 }) },
      { as: 'ada', hear: { t: 'accepted', n: 5, seq: 6 } },
      { as: 'ada', say: op(6, { kind: 'message', text: 'of nothing', replyTo: 3 }) },
      { as: 'ada', hear: { t: 'error', code: 'invalid' } },
    ],
  },
  {
    name: 'an erased message keeps its place and its number',
    steps: [
      { open: 'ada' },
      send(1, 'a'),
      accepted(1, 2),
      { as: 'ada', say: op(2, { kind: 'edit', of: 2, text: 'b' }) },
      { as: 'ada', hear: { t: 'accepted', n: 2, seq: 3 } },
      { as: 'ada', say: op(3, { kind: 'delete', of: 2 }) },
      { as: 'ada', hear: { t: 'accepted', n: 3, seq: 4 } },
      { server: 'erase' },
      { as: 'ada', say: { t: 'page', id: 5, conversation: '$c', after: 1 } },
      {
        as: 'ada',
        hear: {
          t: 'page',
          re: 5,
          events: [
            { seq: 2, kind: 'message', erased: true, n: 1 },
            { seq: 3, kind: 'edit', of: 2, erased: true },
            { seq: 4, kind: 'delete', of: 2 },
          ],
        },
      },
      send(1, 'undecidable'),
      { as: 'ada', hear: { t: 'accepted', n: 1, seq: 2, duplicate: true } },
    ],
  },
  {
    name: 'a client that comes back is brought from its cursor to the head',
    steps: [
      { open: 'bob' },
      ...three(),
      { open: 'ada2', hello: { user: '$ada', cursors: [['$c', 2]] } },
      { as: 'ada2', hear: { t: 'welcome' } },
      { as: 'ada2', hear: { t: 'events', events: [{ seq: 3, n: 2 }, { seq: 4 }] } },
      { as: 'ada2', hear: { t: 'caught_up', conversation: '$c', seq: 4 } },
      { as: 'bob', say: op(1, { kind: 'message', text: 'live' }, '$bobs') },
      { as: 'ada2', hear: { t: 'events', events: [{ seq: 5, by: '$bob', text: 'live' }] } },
      { open: 'ada3', hello: { user: '$ada', cursors: [['$c', null]] } },
      { as: 'ada3', hear: { t: 'caught_up', conversation: '$c', seq: 5 } },
      { as: 'ada3', silent: ['events'] },
    ],
  },
  {
    name: 'too much is not replayed, and no cursor past the head',
    steps: [
      ...three(),
      { open: 'ada2', hello: { user: '$ada', backlog: 1, cursors: [['$c', 2]] } },
      { as: 'ada2', hear: { t: 'behind', conversation: '$c', cursor: 2, head: 4 } },
      { as: 'ada2', silent: ['events', 'caught_up'] },
      {
        open: 'ada3',
        hello: {
          user: '$ada',
          cursors: [
            ['$c', 9],
            ['c_none', null],
          ],
        },
      },
      { as: 'ada3', hear: { t: 'error', code: 'resync', conversation: '$c' } },
      { as: 'ada3', hear: { t: 'error', code: 'resync', conversation: 'c_none' } },
    ],
  },
  {
    name: 'a resume begins again behind the cursor, and runs through',
    steps: [
      { open: 'ada' },
      send(1, 'a'),
      accepted(1, 2),
      { as: 'ada', say: { t: 'resume', id: 8, cursors: [['$c', 0]] } },
      { as: 'ada', hear: { t: 'ok', re: 8 } },
      { as: 'ada', hear: { t: 'events', events: [{ seq: 1 }, { seq: 2 }] } },
      { as: 'ada', hear: { t: 'caught_up', conversation: '$c', seq: 2 } },
    ],
  },
  {
    name: 'another epoch makes every cursor void, and the inbox come whole',
    steps: [
      ...three(),
      { server: 'list' },
      { open: 'ada2', hello: { user: '$ada', epoch: 'e_other', since: '1', cursors: [['$c', 1]] } },
      { as: 'ada2', hear: { t: 'error', code: 'resync', conversation: '$c' } },
      { as: 'ada2', hear: { t: 'inbox', conversations: [{ id: '$c' }], more: false } },
    ],
  },
  {
    name: 'an inbox brings what changed since',
    steps: [
      ...three(),
      { server: 'list' },
      { open: 'ada2' },
      { as: 'ada2', hear: { t: 'inbox', more: false, since: '$place' } },
      { open: 'ada3', hello: { since: '$place' } },
      { as: 'ada3', hear: { t: 'inbox', conversations: [], more: false } },
    ],
  },
  {
    name: 'marks are lowered to messages of the peer, and only rise',
    steps: [
      { open: 'ada' },
      { open: 'bob' },
      send(1, 'a'),
      accepted(1, 2),
      { as: 'bob', hear: { t: 'events', events: [{ seq: 1 }, { seq: 2 }] } },
      { as: 'bob', say: { t: 'mark', conversation: '$c', delivered: 99 } },
      {
        as: 'bob',
        hear: { t: 'events', events: [{ seq: 3, kind: 'marked', delivered: 2, read: 0 }] },
      },
      { as: 'bob', say: { t: 'mark', conversation: '$c', delivered: 1 } },
      { as: 'bob', silent: ['events', 'error'] },
      {
        as: 'bob',
        say: { ...op(1, { kind: 'message', text: 'seen' }, '$bobs'), read: 3 },
      },
      { as: 'bob', hear: { t: 'accepted', seq: 4 } },
      { as: 'ada', hear: { t: 'events', events: [{ seq: 1 }, { seq: 2 }] } },
      { as: 'ada', hear: { t: 'events', events: [{ seq: 3, by: '$bob' }] } },
      { as: 'ada', hear: { t: 'events', events: [{ seq: 4, delivered: 2, read: 2 }] } },
    ],
  },
  {
    name: 'pages go down from a place, up from one, or begin at the newest',
    steps: [
      { open: 'ada2' },
      ...three(),
      { as: 'ada2', say: { t: 'page', id: 1, conversation: '$c', limit: 2 } },
      {
        as: 'ada2',
        hear: { t: 'page', re: 1, events: [{ seq: 3 }, { seq: 4 }], start: false, head: 4 },
      },
      { as: 'ada2', say: { t: 'page', id: 2, conversation: '$c', before: 3, limit: 9 } },
      { as: 'ada2', hear: { t: 'page', re: 2, events: [{ seq: 1 }, { seq: 2 }], start: true } },
      { as: 'ada2', say: { t: 'page', id: 3, conversation: '$c', after: 3 } },
      { as: 'ada2', hear: { t: 'page', re: 3, events: [{ seq: 4 }], start: false } },
      { as: 'ada2', say: { t: 'page', id: 4, conversation: '$c', before: 1 } },
      { as: 'ada2', hear: { t: 'page', re: 4, events: [], start: true } },
      { as: 'ada2', say: { t: 'page', id: 5, conversation: 'c_none' } },
      { as: 'ada2', hear: { t: 'error', re: 5, code: 'not_found' } },
    ],
  },
  {
    name: 'typing and presence',
    steps: [
      { open: 'ada' },
      { as: 'ada', say: { t: 'watch', users: ['$bob'] } },
      { as: 'ada', hear: { t: 'presence', user: '$bob', online: false } },
      { as: 'ada', say: { t: 'watch', users: ['$bob', 'u_none'] } },
      { as: 'ada', hear: { t: 'presence', user: 'u_none', online: false, lastSeen: null } },
      { open: 'bob' },
      { as: 'ada', hear: { t: 'presence', user: '$bob', online: true, lastSeen: null } },
      { as: 'bob', say: { t: 'typing', conversation: '$c', on: true } },
      { as: 'ada', hear: { t: 'typing', conversation: '$c', by: '$bob', ttlMs: 6_000 } },
      { as: 'bob', say: { t: 'typing', conversation: '$c', on: false } },
      { as: 'ada', hear: { t: 'typing', ttlMs: 0 } },
      { cut: 'bob' },
      { as: 'ada', hear: { t: 'presence', user: '$bob', online: false } },
    ],
  },
  {
    name: 'starting finds the one there is, and tells nobody',
    steps: [
      { open: 'ada' },
      { open: 'bob' },
      { as: 'ada', say: { t: 'start', id: 2, peer: '$bobname' } },
      {
        as: 'ada',
        hear: { t: 'conversation', re: 2, conversation: { id: '$c', head: 0, last: null } },
      },
      { as: 'bob', silent: ['conversation'] },
      { as: 'ada', say: { t: 'start', id: 3, peer: 'nobody_at_all' } },
      { as: 'ada', hear: { t: 'error', re: 3, code: 'not_found' } },
    ],
  },
];

type Op = { readonly kind: string; readonly [k: string]: Json };

function op(n: number, what: Op, outbox = '$box') {
  return { t: 'send', id: 100 + n, conversation: '$c', outbox, n, op: what };
}

function send(n: number, text: string, as = 'ada'): Step {
  return { as, say: op(n, { kind: 'message', text }) };
}

function accepted(n: number, seq: number): Step {
  return { as: 'ada', hear: { t: 'accepted', n, seq, duplicate: false } };
}

/** Three messages of Ada's, as 2, 3 and 4. */
function three(): Step[] {
  return [
    { open: 'ada' },
    send(1, 'a'),
    accepted(1, 2),
    send(2, 'b'),
    accepted(2, 3),
    send(3, 'c'),
    accepted(3, 4),
    { cut: 'ada' },
  ];
}

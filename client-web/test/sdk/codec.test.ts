import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as bodies from '../../src/sdk/protocol/bodies';
import { encode, parse } from '../../src/sdk/protocol/codec';
import type { ClientFrame } from '../../src/sdk/protocol/frames.gen';
import { examples, schemas } from './examples';
import { type Json, mutation } from './mutation';

const fault = schemas();

function at(value: unknown): string | null {
  const parsed = parse(JSON.stringify(value));
  return parsed !== null && 'fault' in parsed ? parsed.fault : null;
}

describe('the examples of the protocol', () => {
  test.each(examples('server'))('frame $name is read without loss', ({ text }) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test.each(examples('event'))('event $name is read without loss', ({ text }) => {
    const frame = { t: 'events', conversation: 'c_ab', events: [JSON.parse(text)] };
    expect(parse(JSON.stringify(frame))).toEqual(frame);
  });

  test.each(examples('client'))('frame $name is what the client would write', ({ text }) => {
    expect(JSON.parse(encode(JSON.parse(text) as ClientFrame))).toEqual(JSON.parse(text));
  });

  const readers: Readonly<Record<string, bodies.Reader<unknown>>> = {
    problem: bodies.problem,
    conversation: bodies.conversation,
    'events-page': bodies.eventsPage,
    hits: bodies.hits,
    inbox: bodies.inbox,
    meta: bodies.meta,
    outbox: bodies.outbox,
    outcome: bodies.outcome,
    people: bodies.people,
    'signed-in': bodies.signedIn,
    'sign-ins': bodies.signIns,
    user: bodies.user,
    'who-am-i': bodies.whoAmI,
  };
  const requests = ['sign-up', 'sign-in', 'send', 'start', 'profile', 'password-change'];

  test.each(examples('http'))('body $name is read without loss', ({ name, text }) => {
    const kind = name.split('.')[0] ?? '';
    if (requests.includes(kind)) return;
    expect(readers[kind]?.(JSON.parse(text))).toEqual(JSON.parse(text));
  });
});

describe('what a client can say', () => {
  const frames: readonly ClientFrame[] = [
    { t: 'hello', id: 0, client: 'web/0.1.0' },
    { t: 'hello', id: 1, user: 'u_1', epoch: 'e_5', since: '', cursors: [], backlog: 0 },
    {
      t: 'hello',
      id: 1,
      user: 'u_1',
      cursors: [
        ['c_ab', 0],
        ['c_cd', null],
      ],
    },
    { t: 'start', id: 2, peer: 'bob' },
    send({ kind: 'message', text: 'Hello' }),
    send({ kind: 'message', text: 'Hello', replyTo: null }),
    send({ kind: 'message', text: 'Hello', replyTo: 7 }),
    send({ kind: 'edit', of: 7, text: 'Hello!' }),
    send({ kind: 'delete', of: 7 }),
    send({ kind: 'react', of: 7, emoji: '👋', on: true }),
    send({ kind: 'skip' }),
    { t: 'mark', conversation: 'c_ab', delivered: 7 },
    { t: 'mark', conversation: 'c_ab', delivered: 7, read: 7 },
    { t: 'typing', conversation: 'c_ab', on: false },
    { t: 'watch', users: [] },
    { t: 'watch', users: ['u_2'] },
    { t: 'page', id: 4, conversation: 'c_ab' },
    { t: 'page', id: 4, conversation: 'c_ab', before: 119, limit: 50 },
    { t: 'page', id: 4, conversation: 'c_ab', after: 0, limit: 100 },
    { t: 'resume', id: 5, cursors: [['c_ab', 12]] },
    { t: 'ping', id: 6 },
    { t: 'pong' },
  ];

  test.each(frames)('%j is as the schema has it', (frame) => {
    expect(fault('client-frame.json', JSON.parse(encode(frame)))).toBeNull();
  });

  function send(op: Extract<ClientFrame, { t: 'send' }>['op']): ClientFrame {
    return { t: 'send', id: 3, conversation: 'c_ab', outbox: 17, n: 1, op, delivered: 3, read: 3 };
  }
});

describe('what a later server may say', () => {
  test('an unknown frame is ignored', () => {
    expect(parse('{"t":"applause","for":1}')).toBeNull();
    expect(parse('{"t":"constructor"}')).toBeNull();
  });

  test('an event of unknown kind keeps its place in the log', () => {
    const poll = { seq: 8, kind: 'poll', by: 'u_2', at: 5, question: 'Tea?' };
    const frame = { t: 'events', conversation: 'c_ab', events: [poll] };
    expect(parse(JSON.stringify(frame))).toEqual(frame);
  });

  test('unknown fields and codes do no harm', () => {
    expect(at({ t: 'ping', mood: [] })).toBeNull();
    expect(at({ t: 'bye', code: 'lunch', reconnect: true, tip: 1 })).toBeNull();
    expect(at({ t: 'error', code: 'tired', retryable: true })).toBeNull();
  });
});

describe('what is no frame', () => {
  const message = { seq: 1, kind: 'message', by: 'u_1', at: 1, text: 'hi', replyTo: null };
  const events = (...some: object[]) => ({ t: 'events', conversation: 'c_ab', events: some });

  test.each(['', 'hello', '{', '[]', 'null', '7', '"t"', '[{"t":"ping"}]'])('%s', (text) => {
    expect(parse(text)).toEqual({ fault: 'no object' });
  });

  test.each([
    ['t', { t: 7 }],
    ['ok.re', { t: 'ok' }],
    ['ok.re', { t: 'ok', re: '1' }],
    ['ok.re', { t: 'ok', re: 1.5 }],
    ['error.re', { t: 'error', code: 'gone', retryable: false, re: null }],
    ['events.events', { t: 'events', conversation: 'c_ab', events: {} }],
    ['events.events[1].seq', events(message, { ...message, seq: 0 })],
    ['events.events[0].seq', events({ ...message, seq: 2 ** 53 })],
    ['events.events[0].text', events({ ...message, text: undefined })],
    ['events.events[0].erased', events({ ...message, erased: 'yes' })],
    ['events.events[0].kind', events({ ...message, kind: 7 })],
    ['events.events[0].by', events({ seq: 1, kind: 'poll', at: 1 })],
    ['inbox.since', { t: 'inbox', conversations: [], more: false }],
    ['inbox.conversations[0].id', { t: 'inbox', conversations: [{}], more: true }],
  ])('wrong at %s', (where, frame) => {
    expect(at(frame)).toBe(where);
  });
});

describe('anything at all', () => {
  const everything = examples('server').map(({ text }) => JSON.parse(text) as Json);

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parse(text)));
    fc.assert(fc.property(fc.json(), (text) => void parse(text)));
  });

  test('a damaged frame never throws, and one that is still right is read', () => {
    const damaged = fc
      .constantFrom(...everything)
      .chain((frame) => fc.tuple(fc.constant(frame), fc.array(mutation(), { maxLength: 3 })))
      .map(([frame, damages]) => damages.reduce((value, damage) => damage(value), frame));
    fc.assert(
      fc.property(damaged, (frame) => {
        const text = JSON.stringify(frame);
        const parsed = parse(text);
        if (fault('server-frame.json', frame) === null) expect(parsed).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('a damaged body never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const read of Object.values(bodies)) read(value);
      }),
    );
  });
});

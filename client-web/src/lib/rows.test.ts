import { describe, expect, it } from 'vitest';
import type { MessageView } from '../sdk/state';
import { type Row, rowsOf } from './rows';

const NOON = new Date(2025, 2, 3, 12).getTime();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function message(seq: number, by: 'me' | 'peer', at: number, part: Partial<MessageView> = {}) {
  return {
    key: `m${seq}`,
    seq,
    by,
    mine: by === 'me',
    at,
    text: `${seq}`,
    replyTo: null,
    edited: false,
    deleted: false,
    reactions: [],
    state: by === 'me' ? 'stored' : null,
    failure: null,
    changes: [],
    ...part,
  } as MessageView;
}

const kinds = (rows: Row[]) => rows.map((row) => row.key);
const grouped = (rows: Row[]) =>
  rows.flatMap((row) => (row.kind === 'message' ? [[row.first, row.last]] : []));

describe('rows', () => {
  it('group one author within three minutes, and no longer', () => {
    const rows = rowsOf(
      [
        message(1, 'me', NOON),
        message(2, 'me', NOON + 2 * MINUTE),
        message(3, 'me', NOON + 6 * MINUTE),
        message(4, 'peer', NOON + 6 * MINUTE),
      ],
      true,
      null,
    );
    expect(grouped(rows)).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it('part the days, and groups with them', () => {
    const midnight = new Date(2025, 2, 4).getTime();
    const rows = rowsOf(
      [message(1, 'me', midnight - 1000), message(2, 'me', midnight + 1000)],
      true,
      null,
    );
    expect(kinds(rows)).toEqual(['day:m1', 'm1', 'day:m2', 'm2']);
    expect(grouped(rows)).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  it('begin with a message while older ones may come, so that it can be held on to', () => {
    const held = [message(5, 'peer', NOON), message(6, 'peer', NOON + 1000)];
    const unread = { after: 4, until: 6 };
    expect(kinds(rowsOf(held, false, unread))).toEqual(['m5', 'm6']);
    expect(kinds(rowsOf(held, true, unread))).toEqual(['day:m5', 'unread:m5', 'm5', 'm6']);
  });

  it('keep every name and the height of every message when older ones come before them', () => {
    const held = [message(3, 'me', NOON), message(4, 'me', NOON + 1000)];
    const older = [message(1, 'peer', NOON - DAY), message(2, 'me', NOON - 1000)];
    const before = rowsOf(held, false, null);
    const after = rowsOf([...older, ...held], true, null);
    expect(kinds(after).slice(-2)).toEqual(kinds(before));
    // `first` may change, and only rounds a corner; `last` and `signed` would move what follows.
    const heights = (rows: Row[]) =>
      rows.flatMap((row) => (row.kind === 'message' ? [[row.last, row.signed]] : []));
    expect(heights(after).slice(-2)).toEqual(heights(before));
  });

  it('count what is unread without what is mine, deleted, or came later', () => {
    const rows = rowsOf(
      [
        message(1, 'peer', NOON),
        message(2, 'me', NOON),
        message(3, 'peer', NOON, { deleted: true }),
        message(4, 'peer', NOON),
        message(5, 'peer', NOON),
        message(6, 'peer', NOON),
      ],
      true,
      { after: 1, until: 5 },
    );
    expect(rows.find((row) => row.kind === 'unread')).toEqual({
      kind: 'unread',
      key: 'unread:m4',
      count: 2,
    });
  });

  it('sign the last of a group, and where the peer is further with one than with the next', () => {
    const signed = (...states: MessageView['state'][]) =>
      rowsOf(
        states.map((state, i) => message(i + 1, 'me', NOON, { state })),
        true,
        null,
      ).flatMap((row) => (row.kind === 'message' ? [row.signed] : []));
    expect(signed('read', 'delivered')).toEqual([true, true]);
    expect(signed('read', 'read')).toEqual([false, true]);
    expect(signed('stored', 'sending')).toEqual([false, true]);
    expect(signed('read', 'sending')).toEqual([true, true]);
  });
});

import { expect, test } from 'vitest';
import { Sync, type SyncPorts } from '../../src/sdk/log/sync';
import type { ClientFrame, ConversationSummary } from '../../src/sdk/protocol/frames.gen';
import { settle } from './fake/clock';

const NAMED_AT_START = 20;

function summary(id: string, at: number, head = 1): ConversationSummary {
  const peer = { id: 'u_bob', username: 'bob', displayName: 'Bob' };
  const last = { seq: 1, by: 'u_bob', at, preview: 'hi' };
  const mine = { delivered: 1, read: 1 };
  return { id, peer, head, unread: 0, asOf: head, marks: { u_ada: mine }, last };
}

function desk() {
  const requests: ClientFrame[] = [];
  const ports: SyncPorts = {
    request: (frame) => requests.push(frame),
    nextId: () => requests.length + 1,
    later: () => {},
    received: () => {},
    told: () => {},
    caughtUp: () => {},
    voided: () => {},
    dropped: () => {},
    untold: () => {},
    reached: () => {},
    isAwaited: () => false,
    log: () => {},
  };
  return { requests, sync: new Sync(ports) };
}

test('what was wanted while no session lived is asked for when one does', async () => {
  const { requests, sync } = desk();
  for (let i = 0; i <= NAMED_AT_START; i++) sync.onTold(summary(`c_${i}`, 100 - i));
  const last = `c_${NAMED_AT_START}`;
  // A page of the inbox, by HTTP.
  sync.onTold(summary(last, 1, 7));
  await settle();
  expect(requests).toEqual([]);
  expect(sync.greet().map(([id]) => id)).not.toContain(last);
  sync.begin(true);
  await settle();
  expect(requests).toMatchObject([{ t: 'resume', cursors: [[last, 1]] }]);
});

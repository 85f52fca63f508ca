import type { Calls } from './account';
import type { Connection } from './connection/connection';
import type { Sync } from './log/sync';
import { answerOf } from './outbox/answers';
import { Pool } from './outbox/pool';
import type { Channel, Ports, Tables } from './ports';
import * as bodies from './protocol/bodies';
import type { Person } from './state';
import type { TabMessage } from './tabs';
import type { Views } from './views';

export interface SendingParts {
  readonly ports: Ports;
  readonly me: Person;
  readonly tables: Tables;
  readonly channel: Channel;
  readonly connection: Connection;
  readonly sync: Sync;
  readonly calls: Calls;
  views(): Views;
  /** The epoch of the session that lives; null while there is none. */
  epoch(): string | null;
  window(): number;
  /** What a call tells of the sign-in concerns the whole client. */
  guarded<T>(call: Promise<T>): Promise<T>;
}

/** The queues of this person, with their ways to the server, the disk and the other tabs. */
export function sendingPool(parts: SendingParts): Pool {
  const { ports, me, tables, channel, connection, sync, calls } = parts;
  const pool: Pool = new Pool({
    user: me.id,
    tables,
    locks: ports.locks,
    channel,
    caughtUp: () => [...sync.logs.values()].filter((log) => log.caughtUp).map((log) => log.id),
    wanted: (conversation) => sync.want(conversation),
    queue: {
      tables,
      clock: ports.clock,
      random: ports.random,
      epoch: parts.epoch,
      window: parts.window,
      send: (conversation, { number, op }, answered) => {
        const id = connection.nextId();
        const frame = { t: 'send', id, conversation, ...number, op } as const;
        return connection.request(frame, (reply) => {
          const answer = reply === null ? null : answerOf(reply);
          if (answer !== null) {
            answered(answer);
          }
        });
      },
      mint: async () => {
        const request = { method: 'POST', path: '/v1/outboxes', body: {} } as const;
        return (await parts.guarded(calls.read(request, bodies.outbox))).outbox;
      },
      changed: (conversation) => parts.views().changed(conversation),
      written: (queue) => channel.post({ type: 'queue', queue } satisfies TabMessage),
      stored: (item, seq) => parts.views().stored(item, seq),
      doubt: () => connection.doubt(),
      log: ports.log,
    },
  });
  return pool;
}

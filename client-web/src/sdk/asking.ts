import { ApiError } from './api';
import { retryDelay } from './connection/backoff';
import type { Connection } from './connection/connection';
import type { Reply } from './connection/requests';
import type { LogEvent } from './log/summary';
import type { Clock, Random } from './ports';

type Request = Parameters<Connection['request']>[0];

export interface AskingPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly connection: Connection;
  /** Names the session that lives; null while there is none. */
  session(): object | null;
  /** Events in a page. */
  page(): number;
}

/** What is asked of the server over the socket, one question at a time. */
export class Asking {
  constructor(private readonly ports: AskingPorts) {}

  /** The answer, if it is none of refusal; rejects with ApiError. */
  async request(frame: Request): Promise<Exclude<Reply, { t: 'error' }>> {
    const reply = await this.ask(frame);
    if (reply === null) {
      throw new ApiError('offline');
    }
    if (reply.t === 'error') {
      throw new ApiError(String(reply.code), null, reply.retryAfterMs ?? null);
    }
    return reply;
  }

  /**
   * The events just before a place; null when nobody can tell in this session. Asks again as long
   * as the server can't answer just now: nobody else would.
   */
  async page(conversation: string, before: number): Promise<readonly LogEvent[] | null> {
    const { clock, random, connection } = this.ports;
    const session = this.ports.session();
    const limit = this.ports.page();
    for (let failures = 0; session !== null && this.ports.session() === session; failures++) {
      const id = connection.nextId();
      const reply = await this.ask({ t: 'page', id, conversation, before, limit });
      if (reply === null || reply.t !== 'error' || !reply.retryable) {
        return reply?.t === 'page' ? reply.events : null;
      }
      const wait = Math.max(reply.retryAfterMs ?? 0, retryDelay(failures, random.fraction()));
      await new Promise<void>((resolve) => {
        clock.after(wait, resolve);
      });
    }
    return null;
  }

  /** Null when there is no session, or it ends before the answer. */
  private ask(frame: Request): Promise<Reply | null> {
    return new Promise((resolve) => {
      if (!this.ports.connection.request(frame, resolve)) {
        resolve(null);
      }
    });
  }
}

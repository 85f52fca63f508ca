import type { Clock, Random, Tables } from '../ports';
import type { Item } from './item';
import type { Answer, Sending } from './lane';

/** What a queue needs of the rest of the client. */
export interface QueuePorts {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly random: Random;
  /** The epoch of the session that lives; null while there is none. */
  epoch(): string | null;
  /** How many unanswered operations a conversation may have. */
  window(): number;
  /** False when there is no session; its answers come later, and not after the session's end. */
  send(conversation: string, sending: Sending, answered: (answer: Answer) => void): boolean;
  /** A new outbox of this person's, and of nobody else's. */
  mint(): Promise<number>;
  /** Something is to be shown otherwise. */
  changed(conversation: string): void;
  /** What stands on the disk has changed, for the other tabs to know. */
  written(queue: string): void;
  /** The operation has its place in the log. */
  stored(item: Item, seq: number): void;
  /** An answer is overdue: is the server still there? */
  doubt(): void;
  log(line: string): void;
}

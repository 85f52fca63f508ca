import type { Calls } from './account';
import { retryDelay } from './connection/backoff';
import type { Random } from './ports';
import * as bodies from './protocol/bodies';
import type { ConversationSummary } from './protocol/frames.gen';

const PAGE = 100;

export interface InboxPorts {
  readonly calls: Calls;
  readonly random: Random;
  /** Calls back later, unless the session ends before; false when there is none. */
  later(millis: number, run: () => void): boolean;
  told(summary: ConversationSummary): void;
  /** Whether there are older conversations than those told. */
  more(more: boolean): void;
  /** Whether something is followed that nobody has told of. */
  isLacking(): boolean;
}

/** The conversations beyond those that the socket tells of. */
export class Inbox {
  /** Undefined before the first page, null after the last. */
  private cursor: string | null | undefined = undefined;
  private asking = false;

  constructor(private readonly ports: InboxPorts) {}

  /** The socket told the newest: a full frame of them may not be all. */
  begin(told: number): void {
    if (this.cursor === undefined && told >= PAGE) {
      this.ports.more(true);
    }
  }

  /** Answers whether there was more. */
  async loadMore(): Promise<boolean> {
    if (this.cursor === null) {
      return false;
    }
    const cursor = this.cursor === undefined ? '' : `&cursor=${encodeURIComponent(this.cursor)}`;
    const path = `/v1/conversations?limit=${PAGE}${cursor}`;
    const page = await this.ports.calls.read({ method: 'GET', path }, bodies.inbox);
    page.conversations.forEach(this.ports.told);
    this.cursor = page.cursor;
    this.ports.more(page.cursor !== null);
    return true;
  }

  /**
   * Something is followed that no inbox frame has told of: after a restore the server's inbox is
   * still being rebuilt. Asks until it is told.
   */
  ask(failures = 0): void {
    if (!this.asking) {
      const millis = failures === 0 ? 0 : retryDelay(failures, this.ports.random.fraction());
      this.asking = this.ports.later(millis, () => void this.askNow(failures));
    }
  }

  lost(): void {
    this.asking = false;
  }

  private async askNow(failures: number): Promise<void> {
    this.cursor = undefined;
    await this.loadMore().catch(() => false);
    this.asking = false;
    if (this.ports.isLacking()) {
      this.ask(failures + 1);
    }
  }
}

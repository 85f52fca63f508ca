import type { ServerFrame } from '../protocol/frames.gen';

/** A frame that answers a request. */
export type Reply = Extract<ServerFrame, { re?: number }>;

/** What waits for an answer in this session; with its end all of it is forgotten. */
export class Requests {
  private readonly open = new Map<number, (reply: Reply | null) => void>();
  private last = 0;

  /** Of this session's; never used twice. */
  nextId(): number {
    return ++this.last;
  }

  /** @param answered told the reply, or null when the session ended before it came */
  expect(id: number, answered: (reply: Reply | null) => void): void {
    this.open.set(id, answered);
  }

  /** False for what nobody asked. */
  answer(reply: Reply): boolean {
    const answered = reply.re === undefined ? undefined : this.open.get(reply.re);
    if (reply.re === undefined || answered === undefined) {
      return false;
    }
    this.open.delete(reply.re);
    answered(reply);
    return true;
  }

  lost(): void {
    const open = [...this.open.values()];
    this.open.clear();
    for (const answered of open) {
      answered(null);
    }
  }
}

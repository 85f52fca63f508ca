import type { ChatServer } from './server';

/** An event of the log, as far as tests look into it. */
export interface LogEvent {
  readonly seq: number;
  readonly kind: string;
  readonly by: string;
  readonly text?: string;
  readonly of?: number;
  readonly emoji?: string;
  readonly erased?: boolean;
  readonly read?: number;
}

/** Opens a conversation: until something is said in it, nobody is told that there is one. */
export const GREETING = 'Hello.';

/** What a program can ask of the server in somebody's name, past every fault of the network. */
export class HttpDoor {
  #outbox: Promise<number> | null = null;
  /** The last number used, by conversation. */
  readonly #numbers = new Map<string, number>();

  constructor(
    private readonly server: ChatServer,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  /** The answer's body, and its headers. Fails for whatever isn't a success. */
  async call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ body: unknown; headers: Headers }> {
    const answer = await fetch(this.server.url + path, {
      method,
      headers: { ...this.headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
    return { body: text === '' ? null : JSON.parse(text), headers: answer.headers };
  }

  /** The conversation with somebody, by username: its id. */
  async startWith(username: string): Promise<string> {
    const { body } = await this.call('POST', '/v1/conversations', { peer: username });
    return (body as { conversation: { id: string } }).conversation.id;
  }

  /** The whole log, in order. */
  async log(conversation: string): Promise<LogEvent[]> {
    const events: LogEvent[] = [];
    for (;;) {
      const after = events.at(-1)?.seq ?? 0;
      const path = `/v1/conversations/${conversation}/events?after=${after}&limit=100`;
      const page = (await this.call('GET', path)).body as { events: LogEvent[]; head: number };
      events.push(...page.events);
      if (page.events.length === 0 || (events.at(-1)?.seq ?? 0) >= page.head) return events;
    }
  }

  /** The messages of the log that weren't deleted, in order; all but the greeting. */
  async messages(conversation: string): Promise<LogEvent[]> {
    const events = await this.log(conversation);
    return events.filter(
      ({ kind, erased, text }) => kind === 'message' && !erased && text !== GREETING,
    );
  }

  /** Sends an operation and waits until it is stored: its sequence number. */
  async send(conversation: string, op: object): Promise<number> {
    this.#outbox ??= this.call('POST', '/v1/outboxes').then(
      ({ body }) => (body as { outbox: number }).outbox,
    );
    const outbox = await this.#outbox;
    const n = (this.#numbers.get(conversation) ?? 0) + 1;
    this.#numbers.set(conversation, n);
    const path = `/v1/conversations/${conversation}/operations`;
    return ((await this.call('POST', path, { outbox, n, op })).body as { seq: number }).seq;
  }

  /** The same for a message. */
  async say(conversation: string, text: string): Promise<number> {
    return this.send(conversation, { kind: 'message', text });
  }
}

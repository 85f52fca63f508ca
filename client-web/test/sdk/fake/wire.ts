import type { Clock, Socket, SocketEvents } from '../../../src/sdk/ports';

/** The server's end of a line. */
export interface ServerEnd {
  heard(text: string): void;
  /** The client is gone, as far as the server can know. */
  gone(): void;
}

interface Item {
  readonly due: number;
  readonly run: () => void;
}

/** One direction of a line: in order, each after its own time on the way. */
class Pipe {
  private items: Item[] = [];
  private latest = 0;
  private isStalled = false;

  constructor(
    private readonly clock: Clock,
    private readonly latency: () => number,
  ) {}

  add(run: () => void): void {
    const due = Math.max(this.latest, this.clock.now() + this.latency());
    this.latest = due;
    this.items.push({ due, run });
    this.clock.after(due - this.clock.now(), () => this.flow());
  }

  stall(isStalled: boolean): void {
    this.isStalled = isStalled;
    this.flow();
  }

  drop(): void {
    this.items = [];
  }

  private flow(): void {
    while (!this.isStalled && this.items[0] && this.items[0].due <= this.clock.now()) {
      this.items.shift()?.run();
    }
  }
}

/** A WebSocket's line, with everything that can happen to one. */
export class Wire {
  private readonly up: Pipe;
  private readonly down: Pipe;
  private server: ServerEnd | null = null;
  private isOpen = false;
  private clientOver = false;
  private serverOver = false;

  constructor(
    clock: Clock,
    latency: () => number,
    private readonly client: SocketEvents,
    accept: (wire: Wire) => ServerEnd | null,
  ) {
    this.up = new Pipe(clock, latency);
    this.down = new Pipe(clock, latency);
    this.up.add(() => {
      this.server = accept(this);
      if (!this.server) return this.cut();
      this.down.add(() => {
        this.isOpen = true;
        if (!this.clientOver) this.client.opened();
      });
    });
  }

  /** The client's end. */
  readonly socket: Socket = {
    send: (text) => {
      if (this.isOpen && !this.clientOver) this.up.add(() => this.toServer(text));
    },
    close: () => this.leave(),
  };

  get isOver(): boolean {
    return this.clientOver && this.serverOver;
  }

  /** To the client. */
  push(text: string): void {
    if (this.serverOver) return;
    this.down.add(() => {
      if (!this.clientOver) this.client.message(text);
    });
  }

  /** The server closes; what it said before still arrives. */
  end(): void {
    if (this.serverOver) return;
    this.serverOver = true;
    this.down.add(() => this.clientClosed());
  }

  /** The line breaks: what is on its way is lost, both ends learn of it. */
  cut(): void {
    this.up.drop();
    this.down.drop();
    this.serverGone();
    this.clientClosed();
  }

  /** Nothing passes any more, and nobody is told; until it does again, as if late. */
  stall(isStalled: boolean): void {
    this.up.stall(isStalled);
    this.down.stall(isStalled);
  }

  /** The client's end closes, without hearing of it: by itself, or with its process. */
  leave(): void {
    if (this.clientOver) return;
    this.clientOver = true;
    this.up.add(() => this.serverGone());
  }

  private toServer(text: string): void {
    if (!this.serverOver) this.server?.heard(text);
  }

  private serverGone(): void {
    if (this.serverOver) return;
    this.serverOver = true;
    this.server?.gone();
  }

  private clientClosed(): void {
    if (this.clientOver) return;
    this.clientOver = true;
    this.client.closed();
  }
}

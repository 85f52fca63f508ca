import { expect } from 'vitest';
import { createChatClient } from '../../../src/sdk';
import type { ChatClient } from '../../../src/sdk/api';
import type { Person } from '../../../src/sdk/state';
import type { FakeBrowser } from '../fake/browser';
import { settle } from '../fake/clock';
import type { Stored } from '../fake/conversation';
import type { Snapshot } from '../fake/database';
import type { FakeTab } from '../fake/tab';
import { World } from '../fake/world';

/** Something that somebody wrote in a tab. Its text is like no other. */
export interface Written {
  readonly text: string;
  readonly by: string;
  readonly conversation: string;
  /** Tabs write in an order of their own. */
  readonly tab: number;
  /** Null until it was on the disk. */
  key: string | null;
  /** Refused at once, since the disk was full: nobody was told that it would be sent. */
  rejected: boolean;
  /** Called back, deleted or sent again by the person: its place is free. */
  touched: boolean;
}

export interface Seat {
  readonly browser: FakeBrowser;
  readonly tab: FakeTab;
  readonly client: ChatClient;
  readonly person: Person;
  readonly number: number;
}

const REFUSALS = ['forbidden', 'not_stored', 'unavailable', 'overloaded', 'rate_limited'] as const;

/**
 * A small world that lives by chance: three people, several browsers and tabs, and everything that
 * can go wrong. The same seed lives the same life.
 */
export class Life {
  readonly world: World;
  readonly people: Person[];
  readonly browsers: { readonly browser: FakeBrowser; readonly person: Person }[] = [];
  readonly seats: Seat[] = [];
  readonly written: Written[] = [];
  /** Texts that were stored, and went with a restore. */
  readonly undone = new Set<string>();
  private snapshot: Snapshot | null = null;
  private tabs = 0;
  private texts = 0;

  constructor(
    readonly seed: number,
    private readonly restores: boolean,
  ) {
    this.world = new World(seed);
    const { server, random } = this.world;
    this.people = ['ada', 'bob', 'cid'].map((name) => this.world.person(name));
    for (const person of [...this.people, ...this.people.slice(0, 2)]) {
      this.browsers.push({ browser: this.world.browser(person), person });
    }
    server.delays.line = () => random.between(1, random.chance(0.02) ? 3_000 : 60);
    server.delays.think = () => random.between(0, random.chance(0.02) ? 2_000 : 20);
    server.delays.feed = () => random.between(0, 900);
    server.delays.erase = () => random.between(0, 2_000);
  }

  get random() {
    return this.world.random;
  }

  async run(steps: number): Promise<void> {
    await this.begin();
    for (let step = 0; step < steps; step++) {
      this.step();
      await this.world.pass(this.random.between(0, this.random.chance(0.05) ? 9_000 : 300));
    }
    await this.heal();
  }

  /** Everything works again, and nothing new happens. */
  async heal(): Promise<void> {
    const { server } = this.world;
    server.faults.clear();
    server.isDown = false;
    server.release();
    server.delays.line = () => 5;
    server.delays.think = () => 0;
    server.delays.feed = () => 100;
    server.delays.erase = () => 100;
    for (const { browser, person } of this.browsers) {
      browser.isFull = false;
      browser.diskDelay = () => 0;
      browser.diskAnswerDelay = () => 0;
      if (!browser.isOnline) {
        browser.setOnline(true);
      }
      if (browser.tabs.size === 0) {
        await this.sit(browser, person);
      }
    }
    await this.world.pass(90_000);
    for (const { client } of this.seats) {
      for (const id of Object.keys(client.state.getState().conversations)) {
        void client.open(id);
      }
    }
    await this.world.pass(10_000);
    await this.readBack();
  }

  async stop(): Promise<void> {
    for (const { client } of this.seats) {
      void client.stop();
    }
    await this.world.pass(1_000);
  }

  /** All timelines back to their beginnings. */
  private async readBack(): Promise<void> {
    for (const { client } of this.seats) {
      for (let page = 0; page < 40; page++) {
        const short = Object.values(client.state.getState().conversations).filter(
          (view) => view.timeline !== null && !view.timeline.complete,
        );
        for (const view of short) {
          void client.loadOlder(view.id);
        }
        if (short.length === 0) {
          break;
        }
        await this.world.pass(500);
      }
    }
  }

  private async begin(): Promise<void> {
    for (const { browser, person } of this.browsers.slice(0, 4)) {
      await this.sit(browser, person);
    }
    await this.world.pass(1_000);
    const [first, second] = this.seats;
    for (const [seat, peer] of [
      [first, 'bob'],
      [first, 'cid'],
      [second, 'cid'],
    ] as const) {
      void seat?.client.startWith(peer).catch(() => {});
      await this.world.pass(500);
    }
  }

  private async sit(browser: FakeBrowser, person: Person): Promise<void> {
    const tab = browser.open();
    const client = createChatClient(tab.ports, person);
    this.seats.push({ browser, tab, client, person, number: ++this.tabs });
    void client.start().catch(() => {});
    await settle();
  }

  private step(): void {
    const { random } = this;
    const chance = random.fraction();
    const seat = this.seats.length === 0 ? null : random.pick(this.seats);
    if (chance < 0.42) this.write(seat);
    else if (chance < 0.6) this.use(seat);
    else if (chance < 0.7) this.moveTabs(seat);
    else if (chance < 0.8) this.moveNetwork();
    else if (chance < 0.93) this.moveServer();
    else this.moveDisk();
  }

  private write(seat: Seat | null): void {
    const ids = seat === null ? [] : Object.keys(seat.client.state.getState().conversations);
    if (seat === null || ids.length === 0) return;
    const conversation = this.random.pick(ids);
    const burst = this.random.chance(0.1) ? 12 : 1;
    for (let i = 0; i < burst; i++) {
      const written: Written = {
        text: `${seat.person.username} ${++this.texts}`,
        by: seat.person.id,
        conversation,
        tab: seat.number,
        key: null,
        rejected: false,
        touched: false,
      };
      this.written.push(written);
      seat.client.send(conversation, written.text).then(
        (key) => {
          written.key = key;
        },
        () => {
          written.rejected = true;
        },
      );
    }
  }

  private use(seat: Seat | null): void {
    if (seat === null) return;
    const { client } = seat;
    const views = Object.values(client.state.getState().conversations);
    if (views.length === 0) return;
    const view = this.random.pick(views);
    const messages = view.timeline?.messages ?? [];
    const message = messages.length === 0 ? null : this.random.pick(messages);
    const ignore = () => {};
    switch (this.random.between(0, 8)) {
      case 0:
      case 1:
        void client.open(view.id).catch(ignore);
        break;
      case 2:
        client.close(view.id);
        break;
      case 3:
        void client.loadOlder(view.id).catch(ignore);
        break;
      case 4: {
        const seen = messages.findLast((one) => !one.mine && one.seq !== null);
        if (seen?.seq != null) client.markRead(view.id, seen.seq);
        break;
      }
      case 5:
        if (message?.mine && message.seq !== null && !message.deleted) {
          void client.edit(view.id, message.seq, `${message.text} edited`).catch(ignore);
        }
        break;
      case 6:
        if (message?.mine && message.seq !== null && this.random.chance(0.4)) {
          this.touch(message.text);
          void client.remove(view.id, message.seq).catch(ignore);
        }
        break;
      case 7:
        if (message?.seq != null) {
          const on = this.random.chance(0.7);
          void client.react(view.id, message.seq, this.random.pick(['👍', '❤️']), on).catch(ignore);
        }
        break;
      default:
        if (message?.mine && message.seq === null) this.decide(seat, message.key, message.state);
    }
  }

  /** Whoever deletes something doesn't miss it. */
  private touch(text: string): void {
    for (const written of this.written) {
      if (text === written.text || text.startsWith(`${written.text} edited`))
        written.touched = true;
    }
  }

  private decide(seat: Seat, key: string, state: string | null): void {
    const written = this.written.find((one) => one.key === key);
    if (written === undefined) return;
    written.touched = true;
    const act = state === 'failed' && this.random.chance(0.6) ? 'retry' : 'discard';
    void seat.client[act](key).catch(() => {});
  }

  private moveTabs(seat: Seat | null): void {
    const { random } = this;
    const kill = (dead: Seat) => {
      dead.tab.kill();
      this.seats.splice(this.seats.indexOf(dead), 1);
    };
    switch (random.between(0, 4)) {
      case 0:
        if (seat !== null) kill(seat);
        break;
      case 1: {
        const { browser } = random.pick(this.browsers);
        for (const dead of this.seats.filter((one) => one.browser === browser)) kill(dead);
        break;
      }
      case 2:
        seat?.tab.show(!seat.tab.isVisible);
        break;
      default: {
        const { browser, person } = random.pick(this.browsers);
        if (browser.tabs.size < 3) void this.sit(browser, person);
      }
    }
  }

  private moveNetwork(): void {
    const { server } = this.world;
    const { browser } = this.random.pick(this.browsers);
    switch (this.random.between(0, 4)) {
      case 0:
        browser.setOnline(!browser.isOnline);
        break;
      case 1:
        server.cut(this.random.pick(this.people));
        break;
      case 2:
        server.stall();
        break;
      case 3:
        server.release();
        break;
      default:
        server.faults.cutNext(this.random.pick(['before', 'unanswered', 'answered'] as const));
    }
  }

  private moveServer(): void {
    const { server } = this.world;
    switch (this.random.between(0, 8)) {
      case 0:
        server.crash();
        break;
      case 1:
        server.drain(this.random.between(0, 3_000));
        break;
      case 2:
        server.isDown = !server.isDown;
        break;
      case 3:
      case 4:
        server.faults.refuseNext(this.random.pick(REFUSALS), {
          retryAfterMs: this.random.between(0, 2_000),
          stored: this.random.chance(0.5),
        });
        break;
      case 5:
        server.faults.failNextCall(
          this.random.pick(['before', 'unanswered', 'unavailable'] as const),
        );
        break;
      case 6:
        this.snapshot ??= this.random.chance(0.5) ? server.snapshot() : null;
        break;
      case 7:
        if (this.restores && this.snapshot !== null && this.random.chance(0.3)) this.restore();
        break;
      default:
        server.bye(this.random.pick(['slow_consumer', 'idle', 'unavailable'] as const));
    }
  }

  private moveDisk(): void {
    const { browser } = this.random.pick(this.browsers);
    if (this.random.chance(0.5)) {
      const slow = this.random.chance(0.5);
      browser.diskDelay = () => (slow ? this.random.between(0, 80) : 0);
      browser.diskAnswerDelay = () => (slow ? this.random.between(0, 80) : 0);
    } else {
      browser.isFull = !browser.isFull && this.random.chance(0.3);
    }
  }

  private restore(): void {
    const { server } = this.world;
    const before = this.allTexts();
    server.restore(this.snapshot as Snapshot);
    const after = this.allTexts();
    for (const text of before) {
      if (!after.has(text)) this.undone.add(text);
    }
    this.snapshot = null;
  }

  private allTexts(): Set<string> {
    return new Set(
      [...this.world.server.database.conversations.values()].flatMap(({ log }) =>
        log.flatMap((event) => textOf(event) ?? []),
      ),
    );
  }
}

/** The text of a message as it was sent; null for everything else, and for erased ones. */
export function textOf(event: Stored): string | null {
  return event.kind === 'message' && 'text' in event ? event.text : null;
}

export function fail(life: Life, why: string): never {
  return expect.fail(`seed ${life.seed}: ${why}`) as never;
}

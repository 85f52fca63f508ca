import { type ChatClient, createChatClient } from '../../../src/sdk';
import type { ClientFrame, Person } from '../../../src/sdk/protocol/frames.gen';
import type { ChatState, ConversationView } from '../../../src/sdk/state';
import { TABLES } from '../../../src/sdk/storage/schema';
import type { FakeBrowser } from '../fake/browser';
import type { FakeTab } from '../fake/tab';
import { World } from '../fake/world';

export interface Seat {
  readonly tab: FakeTab;
  readonly client: ChatClient;
}

/** Ada's browser, and Bob, whom she talks to. */
export class Scene {
  readonly world = new World();
  readonly ada: Person = this.world.person('ada');
  readonly bob: Person = this.world.person('bob');
  readonly browser: FakeBrowser = this.world.browser(this.ada);
  readonly conversation = this.server.database.pair(this.ada.id, this.bob.id).id;
  private readonly frames: ClientFrame[] = [];

  constructor() {
    // A fault that never comes to pass hears everything.
    this.server.faults.cutNext('before', (frame) => {
      this.frames.push(frame);
      return false;
    });
  }

  get server() {
    return this.world.server;
  }

  /** Bob says this, from elsewhere. */
  says(text: string): void {
    this.server.text(this.bob, this.ada, text);
  }

  /** A tab of Ada's, with a client that has had a second. */
  async open(browser = this.browser, person = this.ada): Promise<Seat> {
    const tab = browser.open();
    const client = createChatClient(tab.ports, person);
    void client.start().catch(() => {});
    await this.world.pass(1_000);
    return { tab, client };
  }

  /** Waits for a promise while a second passes. */
  async within<T>(promise: Promise<T>, millis = 1_000): Promise<T> {
    const settled = promise.then(
      (value) => ({ value }),
      (fault: unknown) => ({ fault }),
    );
    await this.world.pass(millis);
    const result = await settled;
    if ('fault' in result) {
      throw result.fault;
    }
    return result.value;
  }

  state(seat: Seat): ChatState {
    return seat.client.state.getState();
  }

  view(seat: Seat, conversation = this.conversation): ConversationView {
    const view = this.state(seat).conversations[conversation];
    if (view === undefined) {
      throw new Error('It is not shown');
    }
    return view;
  }

  /** What stands on the screen of an open conversation. */
  texts(seat: Seat, conversation = this.conversation): string[] {
    return (this.view(seat, conversation).timeline?.messages ?? []).map(({ text }) => text);
  }

  /** What Ada's messages say, as the server has them. */
  stored(): string[] {
    const { log } = this.server.database.pair(this.ada.id, this.bob.id);
    return log.flatMap((event) =>
      event.kind === 'message' && event.by === this.ada.id && 'text' in event ? [event.text] : [],
    );
  }

  /** Frames of a kind that the server has heard since it was asked last; all others are forgotten. */
  heard<T extends ClientFrame['t']>(t: T): Extract<ClientFrame, { t: T }>[] {
    return this.frames
      .splice(0)
      .filter((frame): frame is Extract<ClientFrame, { t: T }> => frame.t === t);
  }

  /** Has all that is to be written or read wait, until the answer is called. */
  async holdDisk(browser = this.browser, person = this.ada): Promise<() => void> {
    const tables = await browser.disk.open(person.id, () => {});
    return new Promise((held) => {
      void tables.transact(TABLES, 'readwrite', () => new Promise<void>((letGo) => held(letGo)));
    });
  }

  /** How many rows there are on a disk. */
  async rows(browser = this.browser, person = this.ada): Promise<number> {
    const tables = await browser.disk.open(person.id, () => {});
    const counts = await tables.transact(TABLES, 'readonly', (t) =>
      Promise.all(TABLES.map(async (table) => (await t.range(table, {})).length)),
    );
    tables.close();
    return counts.reduce((sum, count) => sum + count, 0);
  }
}

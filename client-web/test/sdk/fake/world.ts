import type { Person } from '../../../src/sdk/protocol/frames.gen';
import { FakeBrowser } from './browser';
import { FakeClock } from './clock';
import { SeededRandom } from './random';
import { FakeServer } from './server';

/** A server, a clock, and chance: the same seed makes the same things happen. */
export class World {
  readonly clock = new FakeClock();
  readonly random: SeededRandom;
  readonly server: FakeServer;

  constructor(readonly seed = 1) {
    this.random = new SeededRandom(seed);
    this.server = new FakeServer(this.clock, this.random);
  }

  person(username: string): Person {
    return this.server.signUp(username);
  }

  /** A browser in which somebody is signed in. */
  browser(person?: Person): FakeBrowser {
    const browser = new FakeBrowser(this);
    if (person) browser.signIn(person.username);
    return browser;
  }

  /** Lets time pass, and all that happens in it happen. */
  pass(millis: number): Promise<void> {
    return this.clock.pass(millis);
  }
}

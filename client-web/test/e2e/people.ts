import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext } from '@playwright/test';
import { Chat } from './chat';
import type { House } from './fixtures';
import { GREETING, HttpDoor } from './http';

/** Somebody with an account of their own. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  /** What a program of theirs can do. */
  readonly door: HttpDoor;
}

/** What a browser said that it shouldn't have to. */
export interface Complaint {
  readonly kind: 'error' | 'exception' | 'policy';
  readonly text: string;
}

const PASSWORD = 'a lantern over quiet water';
// How a page's own script tells of what its policy of content forbade.
const VIOLATION = '[policy]';

/** The people of one test, and their devices: everybody's browser has its own cookies and storage. */
export class Town {
  readonly complaints: Complaint[] = [];
  readonly #devices: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly house: House,
  ) {}

  /** Makes somebody an account. The username begins as given, and nobody else has it. */
  async newcomer(name: string, displayName = capitalised(name)): Promise<Person> {
    const username = `${name}_${randomBytes(4).toString('hex')}`;
    // Attempts are counted by address, and these people don't all live in one house.
    const address = { 'x-forwarded-for': `10.${[...randomBytes(3)].join('.')}` };
    const stranger = new HttpDoor(this.house.server, address);
    const account = { username, password: PASSWORD, displayName };
    await stranger.call('POST', '/v1/users', account);
    const { body } = await stranger.call('POST', '/v1/session', { username, password: PASSWORD });
    const { token, user } = body as { token: string; user: { id: string } };
    const door = new HttpDoor(this.house.server, { ...address, authorization: `Bearer ${token}` });
    return { id: user.id, username, displayName, password: PASSWORD, door };
  }

  /** A browser in which nobody is signed in, or this person. */
  async device(
    person: Person | null = null,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<BrowserContext> {
    const context = await this.browser.newContext({ baseURL: this.house.origin, ...options });
    this.#devices.push(context);
    await context.addInitScript((mark) => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(mark, event.effectiveDirective, event.blockedURI, event.sample);
      });
    }, VIOLATION);
    context.on('weberror', (error) => {
      this.complaints.push({ kind: 'exception', text: String(error.error().stack) });
    });
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      const kind = message.text().startsWith(VIOLATION) ? 'policy' : 'error';
      this.complaints.push({ kind, text: message.text() });
    });
    if (person) await this.signIn(context, person);
    return context;
  }

  /** Gives a browser the cookie of a new sign-in, without the page for it. */
  async signIn(context: BrowserContext, person: Person): Promise<void> {
    const { username, password } = person;
    const body = { username, password, cookie: true, device: 'A browser under test' };
    const { headers } = await person.door.call('POST', '/v1/session', body);
    const [pair = ''] = (headers.get('set-cookie') ?? '').split(';');
    const [name = '', value = ''] = pair.split('=');
    await context.addCookies([
      { name, value, url: this.house.origin, httpOnly: true, sameSite: 'Strict' },
    ]);
  }

  /** A tab on a device, with this conversation open, or none. */
  async tab(context: BrowserContext, conversation?: string): Promise<Chat> {
    const chat = new Chat(await context.newPage());
    await chat.page.goto(conversation ? `/c/${conversation}` : '/');
    if (conversation) await chat.ready();
    return chat;
  }

  /** Somebody's new device, with one tab. */
  async at(person: Person, conversation?: string): Promise<Chat> {
    return this.tab(await this.device(person), conversation);
  }

  /** Two people who know each other, and the id of their conversation; Ada has said hello. */
  async pair(): Promise<{ ada: Person; bob: Person; conversation: string }> {
    const [ada, bob] = await Promise.all([this.newcomer('ada'), this.newcomer('bob')]);
    return { ada, bob, conversation: await this.acquaint(ada, bob) };
  }

  /** Lets one greet another: their conversation. */
  async acquaint(one: Person, other: Person): Promise<string> {
    const conversation = await one.door.startWith(other.username);
    await one.door.say(conversation, GREETING);
    return conversation;
  }

  async leave(): Promise<void> {
    await Promise.all(this.#devices.map((context) => context.close()));
  }
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

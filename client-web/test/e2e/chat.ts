import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { GREETING } from './http';

/** A message as a page shows it. */
export interface Shown {
  readonly key: string;
  /** Null until it is stored. */
  readonly seq: number | null;
  /** Null for the peer's. */
  readonly state: string | null;
  readonly mine: boolean;
  readonly text: string;
}

const BEGINS = 'This is where your chat begins.';

/** A tab with Parley in it, as a person sees and uses it. */
export class Chat {
  readonly composer: Locator;
  /** The messages, and what scrolls them. */
  readonly log: Locator;

  constructor(readonly page: Page) {
    this.composer = page.getByRole('textbox', { name: 'Message', exact: true });
    this.log = page.getByRole('log');
  }

  /** Waits until a conversation is open and can be written in. */
  async ready(): Promise<void> {
    await expect(this.composer).toBeEditable();
  }

  /** Waits until it is connected, and told of everything. */
  async live(timeout = 45_000): Promise<void> {
    await expect(this.page.locator('[data-connection="live"]')).toBeAttached({ timeout });
  }

  /** Waits until it has noticed that it isn't. */
  async broken(timeout = 45_000): Promise<void> {
    await expect(this.page.locator('[data-connection="live"]')).not.toBeAttached({ timeout });
  }

  /** The row of a conversation in the list. */
  listed(conversation: string): Locator {
    return this.page.locator(`a[data-conversation="${conversation}"]`);
  }

  /** Opens a conversation by its row. */
  async open(conversation: string): Promise<void> {
    await this.listed(conversation).click();
    await this.ready();
  }

  /** Finds somebody by username, and opens the chat with them. */
  async find(username: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Find a person' }).first().click();
    await this.page.getByRole('combobox').fill(username);
    await this.page.getByRole('option', { name: username }).click();
  }

  /** Messages with exactly this text, where they are on the screen. */
  message(text: string): Locator {
    return this.page
      .locator('article[data-key]')
      .filter({ has: this.page.locator('[data-text]').getByText(text, { exact: true }) });
  }

  /** Opens the menu of a message. */
  async menu(text: string): Promise<Locator> {
    await this.message(text).locator('[data-bubble]').click({ button: 'right' });
    return this.page.getByRole('menu', { name: 'Message actions' });
  }

  /** Does what the menu of a message offers by this name. */
  async act(text: string, item: string): Promise<void> {
    const menu = await this.menu(text);
    await menu.getByRole('menuitem', { name: item, exact: true }).click();
  }

  /** Does what the menu of the person offers by this name. */
  async profile(item: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Your profile' }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /**
   * Turns the person away from the page, or back to it. A browser under test keeps every page
   * focused, so it is told to say otherwise.
   */
  async look(at: boolean): Promise<void> {
    await this.page.evaluate((focused) => {
      document.hasFocus = () => focused;
      window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
    }, at);
  }

  /** Waits until this text is on the device: what is shown gets there a moment later. */
  async kept(text: string): Promise<void> {
    await expect.poll(() => this.page.evaluate(eventsKept)).toContain(text);
  }

  /** Writes and sends; what becomes of it is another question. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(this.composer).toHaveValue('');
  }

  /** The same, and waits for the state to be one of these. */
  async sendUntil(text: string, ...states: string[]): Promise<void> {
    await this.send(text);
    await this.state(text, ...states);
  }

  /** Waits until the message with this text has one of these states. */
  async state(text: string, ...states: string[]): Promise<void> {
    await expect(this.message(text)).toHaveAttribute(
      'data-state',
      new RegExp(`^(${states.join('|')})$`),
    );
  }

  /** What is on the screen, or just beyond its edges, from the top. */
  async onScreen(): Promise<Shown[]> {
    return this.page.evaluate(readRows);
  }

  /**
   * All messages but the greeting, from the first to what still waits: reads the screen again and
   * again, all the way up. Fails when two messages on one screen are out of order.
   */
  async transcript(): Promise<Shown[]> {
    await this.log.evaluate((log) => log.scrollTo(0, log.scrollHeight));
    const found = new Map<string, Shown>();
    for (;;) {
      const top = await this.log.evaluate(nextFrame);
      const rows = await this.onScreen();
      const seqs = rows.flatMap(({ seq }) => (seq === null ? [] : [seq]));
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
      for (const row of rows) found.set(row.key, row);
      if (top <= 0 && (await this.page.getByText(BEGINS).count()) > 0) break;
      await this.log.evaluate((log) => log.scrollBy(0, -log.clientHeight / 2));
    }
    await this.log.evaluate((log) => log.scrollTo(0, log.scrollHeight));
    const place = ({ seq }: Shown) => seq ?? Number.POSITIVE_INFINITY;
    const all = [...found.values()].filter(({ text }) => text !== GREETING);
    return all.sort((a, b) => Math.sign(place(a) - place(b)) || 0);
  }
}

/** Runs in the page. */
function readRows(): Shown[] {
  return [...document.querySelectorAll<HTMLElement>('article[data-key]')].map((row) => ({
    key: row.dataset.key ?? '',
    seq: row.dataset.seq === undefined ? null : Number(row.dataset.seq),
    state: row.dataset.state ?? null,
    mine: row.dataset.mine !== undefined && row.dataset.mine !== 'false',
    text: row.querySelector('[data-text]')?.textContent ?? '',
  }));
}

/** Runs in the page: lets it show what the scrolling has brought; where it stands then. */
function nextFrame(log: Element): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(log.scrollTop)));
  });
}

/** Runs in the page: everybody's events that are on this device. */
async function eventsKept(): Promise<string> {
  const found: unknown[] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    found.push(await settled(database.transaction('events').objectStore('events').getAll()));
    database.close();
  }
  return JSON.stringify(found);

  function settled<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}

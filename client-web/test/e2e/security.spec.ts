import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { PAYLOADS } from './payloads';

/** Whatever people write is text: shown as it was written, and never run, under the real policy. */

// All of it is said at once, and not at the pace of two people.
test.use({ rateLimits: false });

/** Counts what a payload would do if it ran. */
async function trap(page: Page): Promise<() => Promise<number>> {
  let dialogs = 0;
  page.on('dialog', async (dialog) => {
    dialogs += 1;
    await dialog.dismiss();
  });
  return async () => dialogs + (await page.evaluate(() => Number(Reflect.has(window, 'pwned'))));
}

test('the policy of content is there, and has teeth', async ({ town }) => {
  const { ada, conversation } = await town.pair();
  const tab = await town.at(ada, conversation);
  const answer = await tab.page.request.get('/');
  const policy = answer.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');

  const refused = await tab.page.evaluate(() => {
    try {
      document.createElement('div').innerHTML = '<b>';
      return false;
    } catch {
      return true;
    }
  });
  expect(refused).toBe(true);
  // That was ours, and the browser has said so; everybody else's test wants none.
  await expect.poll(() => town.complaints.some(({ kind }) => kind === 'policy')).toBe(true);
  town.complaints.length = 0;
});

test('no message is more than text', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  for (const payload of PAYLOADS.slice(1)) await bob.door.say(conversation, payload);
  const tab = await town.at(ada, conversation);
  const ran = await trap(tab.page);
  const [own = ''] = PAYLOADS;
  await tab.sendUntil(own, 'stored', 'delivered', 'read');

  const shown = await tab.transcript();
  expect(shown.map(({ text }) => text)).toEqual([...PAYLOADS.slice(1), own]);
  const links = await tab.page
    .locator('[data-text] a')
    .evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).protocol));
  expect(links.filter((protocol) => !/^(https?|mailto):$/.test(protocol))).toEqual([]);
  expect(await ran()).toBe(0);
  expect(town.complaints).toEqual([]);
});

test('no name is more than text', async ({ town }) => {
  const bob = await town.newcomer('bob');
  const short = PAYLOADS.filter((payload) => payload.length <= 64 && !/[\n\t]/.test(payload));
  // An account takes its time: every other one will do.
  const names = short.filter((_, i) => i % 2 === 0);
  const made: string[] = [];
  let conversation = '';
  for (const name of names) {
    // Some names are refused, and then nobody has them.
    const person = await town.newcomer('eve', name).catch(() => null);
    if (!person) continue;
    conversation = await person.door.startWith(bob.username);
    await person.door.say(conversation, 'hello');
    made.push(name);
  }
  expect(made.length).toBeGreaterThan(10);

  const tab = await town.at(bob, conversation);
  const ran = await trap(tab.page);
  await expect(tab.page.getByRole('heading', { level: 1 })).toHaveText(made.at(-1) ?? '');
  for (const name of made.slice(-5)) {
    await expect(tab.page.locator('a[data-conversation] bdi').getByText(name)).toBeVisible();
  }
  await tab.sendUntil('hello to you', 'stored', 'delivered', 'read');
  expect(await ran()).toBe(0);
  expect(town.complaints).toEqual([]);
});

test('text of another direction turns nothing around it', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  const texts = ['\u202Egnp.exe', 'שלום, what?', '\u2067(\u2067(', 'plain'];
  for (const text of texts) await bob.door.say(conversation, text);
  const tab = await town.at(ada, conversation);
  for (const text of texts) await expect(tab.message(text)).toBeVisible();

  // Each text stands in a box whose direction is its own, and ends where the box ends.
  const bidi = await tab.page.locator('[data-text]').evaluateAll((found) =>
    found.map((text) => {
      const box = text.closest('[dir=auto]');
      return box ? getComputedStyle(box).unicodeBidi : 'none';
    }),
  );
  expect(bidi.length).toBe(texts.length + 1);
  for (const value of bidi) expect(value).toMatch(/isolate|plaintext/);
  const names = tab.page.locator('a[data-conversation] bdi, main h1 bdi');
  await expect(names.first()).toBeVisible();
});

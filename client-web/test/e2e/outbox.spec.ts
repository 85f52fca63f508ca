import type { Chat } from './chat';
import { expect, test } from './fixtures';
import { halfNetwork } from './half-network';
import { GREETING } from './http';

/** What was written without a network is kept by the browser, and goes out in order, once. */

const LINES = ['one', 'two', 'three', 'four', 'five'];

async function sayOffline(chat: Chat, texts: readonly string[]): Promise<void> {
  for (const text of texts) await chat.send(text);
  for (const text of texts) await chat.state(text, 'queued', 'sending');
}

test('an outbox survives a reload without a network', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  const device = await town.device(ada);
  const network = await halfNetwork(device);
  const tab = await town.tab(device, conversation);
  await tab.live();

  network.cut();
  await tab.broken();
  await sayOffline(tab, LINES);
  await tab.page.reload();
  await tab.ready();
  for (const text of LINES) await tab.state(text, 'queued', 'sending');
  expect(await bob.door.messages(conversation)).toEqual([]);

  network.mend();
  for (const text of LINES) await tab.state(text, 'stored', 'delivered', 'read');
  const log = await bob.door.messages(conversation);
  expect(log.map(({ text }) => text)).toEqual(LINES);
  expect((await tab.transcript()).map(({ text }) => text)).toEqual(LINES);
});

test('the outbox of a closed tab is sent by a new one', async ({ house, town }) => {
  const { ada, bob, conversation } = await town.pair();
  const device = await town.device(ada);
  const tab = await town.tab(device, conversation);
  await tab.live();

  house.proxy.blackhole(true);
  await sayOffline(tab, LINES);
  await tab.page.close();
  // Nobody is there to send what the hole may let through.
  house.proxy.rst();
  house.proxy.heal();
  expect(await bob.door.messages(conversation)).toEqual([]);

  const next = await town.tab(device, conversation);
  for (const text of LINES) await next.state(text, 'stored', 'delivered', 'read');
  const log = await bob.door.messages(conversation);
  expect(log.map(({ text }) => text)).toEqual(LINES);
});

test('the outbox of a closed tab is sent by another that was open all the time', async ({
  house,
  town,
}) => {
  const { ada, bob, conversation } = await town.pair();
  const device = await town.device(ada);
  const [tab, other] = [await town.tab(device, conversation), await town.tab(device)];
  await Promise.all([tab.live(), other.live()]);

  house.proxy.blackhole(true);
  await sayOffline(tab, LINES);
  await tab.page.close();
  house.proxy.rst();
  house.proxy.heal();

  await expect
    .poll(async () => (await bob.door.messages(conversation)).map(({ text }) => text))
    .toEqual(LINES);
  await other.open(conversation);
  await other.state('five', 'stored', 'delivered', 'read');
});

test('what was called back before it left is never sent', async ({ house, town }) => {
  const { ada, bob, conversation } = await town.pair();
  const tab = await town.at(ada, conversation);
  await tab.live();
  // Menus are fetched when they are first wanted, or when there is nothing else to do.
  await expect(await tab.menu(GREETING)).toBeVisible();
  await tab.page.keyboard.press('Escape');

  house.proxy.refuse(true);
  house.proxy.rst();
  await tab.broken();
  await sayOffline(tab, ['keep', 'regret', 'keep, too']);
  await tab.act('regret', 'Don’t send');
  await expect(tab.message('regret')).toHaveCount(0);
  house.proxy.heal();

  await tab.state('keep, too', 'stored', 'delivered', 'read');
  const log = await bob.door.messages(conversation);
  expect(log.map(({ text }) => text)).toEqual(['keep', 'keep, too']);
});

test('nothing is refused because much was written at once', async ({ house, town }) => {
  const { ada, bob, conversation } = await town.pair();
  const tab = await town.at(ada, conversation);
  await tab.live();
  house.proxy.refuse(true);
  house.proxy.rst();
  await tab.broken();
  // More than the server takes in one go: the rest is told to wait.
  const many = Array.from({ length: 60 }, (_, i) => `line ${i + 1}`);
  for (const text of many) await tab.send(text);
  house.proxy.heal();

  await expect
    .poll(async () => (await bob.door.messages(conversation)).map(({ text }) => text), {
      timeout: 45_000,
    })
    .toEqual(many);
  await tab.state('line 60', 'stored', 'delivered', 'read');
});

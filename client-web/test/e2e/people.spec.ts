import { expect, test } from './fixtures';

/**
 * Two people use one browser in turn. What one of them wrote never leaves as the other's, and isn't
 * lost by it either.
 */

test('a queue waits for the one who wrote it, whoever signs in meanwhile', async ({
  house,
  town,
}) => {
  test.slow();
  const [ada, cora, bob] = await Promise.all(
    ['ada', 'cora', 'bob'].map((name) => town.newcomer(name)),
  );
  if (!ada || !cora || !bob) throw new Error('three people');
  const adas = await town.acquaint(ada, bob);
  const coras = await town.acquaint(cora, bob);
  const stored = async (conversation: string) =>
    (await bob.door.messages(conversation)).map(({ by, text }) => [by, text]);

  const device = await town.device(ada);
  const [first, second] = [await town.tab(device, adas), await town.tab(device, adas)];
  await Promise.all([first.live(), second.live()]);
  house.proxy.refuse(true);
  house.proxy.rst();
  await Promise.all([first.broken(), second.broken()]);
  await first.send('ada, first tab');
  await second.send('ada, second tab');

  // Cora signs in in a third tab; Ada's two are still open, and come back with Cora's cookie.
  await town.signIn(device, cora);
  house.proxy.heal();
  const third = await town.tab(device);
  await third.open(coras);
  await third.sendUntil('cora, the first', 'stored', 'delivered', 'read');
  for (const { page } of [first, second]) {
    await expect(page.getByText('isn’t signed in here any more')).toBeVisible({ timeout: 45_000 });
    await expect(page.getByText('ada, first tab')).toHaveCount(0);
  }
  expect(await stored(adas)).toEqual([]);
  expect(await stored(coras)).toEqual([[cora.id, 'cora, the first']]);

  // Cora writes on, without a network, and it is Ada who signs in again.
  house.proxy.refuse(true);
  house.proxy.rst();
  await third.broken();
  await third.send('cora, the second');
  await town.signIn(device, ada);
  house.proxy.heal();
  await expect(third.page.getByText('isn’t signed in here any more')).toBeVisible({
    timeout: 45_000,
  });

  const fourth = await town.tab(device);
  await fourth.open(adas);
  await fourth.sendUntil('ada, last', 'stored', 'delivered', 'read');
  await expect
    .poll(async () => (await stored(adas)).sort())
    .toEqual([
      [ada.id, 'ada, first tab'],
      [ada.id, 'ada, last'],
      [ada.id, 'ada, second tab'],
    ]);
  expect(await stored(coras)).toEqual([[cora.id, 'cora, the first']]);

  await town.signIn(device, cora);
  const fifth = await town.tab(device);
  await fifth.open(coras);
  await fifth.state('cora, the second', 'stored', 'delivered', 'read');
  expect(await stored(coras)).toEqual([
    [cora.id, 'cora, the first'],
    [cora.id, 'cora, the second'],
  ]);
});

test('one who signs in sees nothing of the one before', async ({ house, town }) => {
  const { ada, bob, conversation } = await town.pair();
  const cora = await town.newcomer('cora');
  await bob.door.say(conversation, 'for ada only');
  const device = await town.device(ada);
  const tab = await town.tab(device, conversation);
  await expect(tab.message('for ada only')).toBeVisible();

  await town.signIn(device, cora);
  await tab.page.reload();
  await expect(tab.page.getByText('No chats yet')).toBeVisible();
  await expect(tab.page.getByText('for ada only')).toHaveCount(0);
  await expect(tab.listed(conversation)).toHaveCount(0);
  expect(house.origin).toBe(new URL(tab.page.url()).origin);
});

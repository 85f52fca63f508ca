import { expect, test } from './fixtures';

/** Two tabs of one person are one client to them: both live, both theirs. */

test('two tabs send at the same time, and show the same order', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  const device = await town.device(ada);
  const tabs = [await town.tab(device, conversation), await town.tab(device, conversation)];
  await Promise.all(tabs.map((tab) => tab.live()));

  const count = 15;
  await Promise.all(
    tabs.map(async (tab, which) => {
      for (let i = 1; i <= count; i += 1) await tab.send(`tab ${which + 1}, line ${i}`);
    }),
  );
  const [first, second] = tabs.map((tab) => async () => {
    const shown = await tab.transcript();
    return shown.filter(({ seq }) => seq !== null).map(({ text }) => text);
  });
  await expect.poll(async () => (await first?.())?.length, { timeout: 30_000 }).toBe(2 * count);
  await expect.poll(async () => (await second?.())?.length, { timeout: 30_000 }).toBe(2 * count);

  const log = (await bob.door.messages(conversation)).map(({ text }) => text);
  expect(await first?.()).toEqual(log);
  expect(await second?.()).toEqual(log);
  for (const which of [1, 2]) {
    const own = log.filter((text) => text?.startsWith(`tab ${which}`));
    expect(own).toEqual(Array.from({ length: count }, (_, i) => `tab ${which}, line ${i + 1}`));
  }
});

test('a draft is the same in every tab', async ({ town }) => {
  const { ada, conversation } = await town.pair();
  const device = await town.device(ada);
  const [writing, looking] = [
    await town.tab(device, conversation),
    await town.tab(device, conversation),
  ];
  await writing.composer.fill('half a thou');
  await expect(looking.composer).toHaveValue('half a thou');

  // It is on the disk as well: a tab that is opened later has it, too.
  const later = await town.tab(device, conversation);
  await expect(later.composer).toHaveValue('half a thou');

  await writing.send('half a thought, and the rest');
  await expect(later.composer).toHaveValue('');
});

test('what is read in one tab is read in the other', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  await bob.door.say(conversation, 'news');
  const device = await town.device(ada);
  const list = await town.tab(device);
  const badge = list.listed(conversation).getByText('1 unread message');
  await expect(badge).toBeAttached();

  const reading = await town.tab(device, conversation);
  await expect(reading.message('news')).toBeVisible();
  await expect(badge).not.toBeAttached();
});

test('a sign-out in one tab signs out the other, and leaves nothing behind', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  await bob.door.say(conversation, 'between us');
  const device = await town.device(ada);
  const [one, other] = [await town.tab(device, conversation), await town.tab(device, conversation)];
  await expect(one.message('between us')).toBeVisible();
  await expect(other.message('between us')).toBeVisible();

  await one.profile('Sign out');
  await one.page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();

  for (const { page } of [one, other]) {
    await expect(page.getByLabel('Username')).toBeVisible();
    await expect(page.getByText('between us')).toHaveCount(0);
  }
  await expect
    .poll(() => one.page.evaluate(async () => (await indexedDB.databases()).map((d) => d.name)))
    .toEqual([]);
  // Whatever else a page can keep has nothing of theirs.
  const kept = await one.page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(kept).not.toContain(ada.username);
  expect(await device.cookies()).toEqual([]);
});

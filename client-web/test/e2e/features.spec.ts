import { expect, test } from './fixtures';
import { halfNetwork } from './half-network';

/** What two people can do with what they say, each at their own screen. */

test('a reply names what it answers, and leads there', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  await bob.door.say(conversation, 'Tea or coffee?');
  const [hers, his] = [await town.at(ada, conversation), await town.at(bob, conversation)];
  await hers.act('Tea or coffee?', 'Reply');
  await expect(hers.page.getByText('Replying to')).toBeVisible();
  await hers.sendUntil('Coffee', 'stored', 'delivered', 'read');
  const quote = his.message('Coffee').getByTitle('Show the message answered');
  await expect(quote).toContainText('Tea or coffee?');
  await quote.click();
  await expect(his.message('Tea or coffee?')).toBeFocused();
});

test('an edit changes the text for both, and is owned up to', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  const [hers, his] = [await town.at(ada, conversation), await town.at(bob, conversation)];
  await hers.sendUntil('See you at sevne', 'stored', 'delivered', 'read');
  await hers.composer.press('ArrowUp');
  await expect(hers.composer).toHaveValue('See you at sevne');
  await hers.send('See you at seven');
  for (const tab of [hers, his]) {
    await expect(tab.message('See you at seven')).toContainText('edited');
    await expect(tab.message('See you at sevne')).toHaveCount(0);
  }
});

test('a deletion takes the text from both', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  const [hers, his] = [await town.at(ada, conversation), await town.at(bob, conversation)];
  await hers.sendUntil('I take it back', 'stored', 'delivered', 'read');
  await expect(his.message('I take it back')).toBeVisible();
  await hers.act('I take it back', 'Delete…');
  const question = hers.page.getByRole('alertdialog');
  await question.getByRole('button', { name: 'Delete for both' }).click();
  for (const tab of [hers, his]) {
    await expect(tab.message('This message was deleted')).toBeVisible();
    await expect(tab.page.getByText('I take it back')).toHaveCount(0);
  }
});

test('a reaction is put on and taken off', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  await bob.door.say(conversation, 'We won!');
  const [hers, his] = [await town.at(ada, conversation), await town.at(bob, conversation)];
  const menu = await hers.menu('We won!');
  await menu
    .getByRole('menuitem', { name: /^React with/ })
    .first()
    .click();
  const seen = his.message('We won!').getByRole('button', { name: / from / });
  await expect(seen).toBeVisible();
  await expect(seen).toHaveAttribute('aria-pressed', 'false');
  await hers
    .message('We won!')
    .getByRole('button', { name: / from / })
    .click();
  await expect(seen).toHaveCount(0);
});

test('a message tells how far it has come', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  const hers = await town.at(ada, conversation);
  await hers.sendUntil('Are you there?', 'stored');

  // Bob's browser has it, and shows another page of Parley: it is delivered, and not read.
  const his = await town.at(bob);
  await his.look(false);
  await hers.state('Are you there?', 'delivered');
  await his.open(conversation);
  await expect(his.message('Are you there?')).toBeVisible();
  await hers.send('Hello?');
  await expect(his.message('Hello?')).toBeVisible();
  await hers.state('Hello?', 'delivered');
  const marks = (await bob.door.log(conversation)).filter(({ kind }) => kind === 'marked');
  expect(marks.every(({ read }) => !read)).toBe(true);

  await his.look(true);
  await hers.state('Are you there?', 'read');
  await hers.state('Hello?', 'read');
});

test('what lies below the screen is not read', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  const lines = Array.from({ length: 25 }, (_, i) => `line ${i + 1}\n\nwith room`);
  for (const line of lines) await bob.door.say(conversation, line);
  const hers = await town.at(ada, conversation);
  await expect(hers.page.getByText('25 new messages', { exact: true })).toBeVisible();
  await expect(hers.message(lines[0] ?? '')).toBeVisible();

  // She stands at the divider, so the last one is unread until she goes there.
  const badge = hers.listed(conversation).getByText(/unread message/);
  await expect(badge).toBeAttached();
  await expect(badge).not.toHaveText('25 unread messages');
  await hers.page.getByRole('button', { name: /^Jump to/ }).click();
  await expect(badge).toHaveCount(0);
  // The divider stays where reading began.
  await hers.log.evaluate((log) => log.scrollTo(0, 0));
  await expect(hers.page.getByText('25 new messages', { exact: true })).toBeVisible();
});

test('typing is told to the other, and is over when the message comes', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  const [hers, his] = [await town.at(ada, conversation), await town.at(bob, conversation)];
  await Promise.all([hers.live(), his.live()]);
  await hers.composer.pressSequentially('I am writ');
  await expect(his.page.getByRole('main').getByText('typing…')).toBeVisible();
  await expect(his.listed(conversation).getByText('typing…')).toBeVisible();
  await hers.send('I am writing');
  await expect(his.message('I am writing')).toBeVisible();
  await expect(his.page.getByText('typing…')).toHaveCount(0);
});

test('whether somebody is there is shown while it is known', async ({ house, town }) => {
  const { ada, bob, conversation } = await town.pair();
  const hers = await town.at(ada, conversation);
  const status = hers.page.locator('main header');
  await expect(status).not.toContainText('online');
  const his = await town.at(bob, conversation);
  await expect(status).toContainText('online');
  await his.page.close();
  await expect(status).toContainText('last seen');
  await town.at(bob, conversation);
  await expect(status).toContainText('online');

  house.proxy.refuse(true);
  house.proxy.rst();
  await hers.broken();
  await expect(status).not.toContainText('online');
});

test('a device is signed out from another, and keeps nothing', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  await bob.door.say(conversation, 'between us');
  const [kept, lost] = [await town.at(ada, conversation), await town.at(ada, conversation)];
  await expect(lost.message('between us')).toBeVisible();
  await kept.profile('Devices');
  const dialog = kept.page.getByRole('dialog', { name: 'Devices' });
  await expect(dialog.getByRole('listitem')).toHaveCount(3);
  // A program of hers is the third.
  const other = dialog.getByRole('listitem').filter({ hasText: 'A browser under test' });
  await other.getByRole('button', { name: /^Sign out/ }).click();

  await expect(lost.page.getByText('This device was signed out')).toBeVisible();
  await expect(lost.page.getByText('between us')).toHaveCount(0);
  await expect
    .poll(() => lost.page.evaluate(async () => (await indexedDB.databases()).length))
    .toBe(0);
  await expect(kept.message('between us')).toBeVisible();
});

test('somebody is found by username, and the chat begins with the first message', async ({
  town,
}) => {
  const [ada, bob] = [await town.newcomer('ada'), await town.newcomer('bob')];
  const [hers, his] = [await town.at(ada), await town.at(bob)];
  await hers.live();
  await hers.find(bob.username);
  await hers.sendUntil('Nice to find you', 'stored', 'delivered');
  await expect(his.page.getByRole('navigation').getByText('Nice to find you')).toBeVisible();
});

test('signing up and in by the page itself', async ({ town }) => {
  const device = await town.device();
  const tab = await town.tab(device);
  const { page } = tab;
  const username = `eve_${Date.now().toString(36)}`;
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Display name').fill('Eve');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await page.getByLabel('Password', { exact: true }).fill('a lantern over quiet water');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('No chats yet')).toBeVisible();

  await page.reload();
  await expect(page.getByText('No chats yet')).toBeVisible();
  await tab.profile('Sign out');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill('a lantern over quiet water');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('No chats yet')).toBeVisible();
});

test('what was seen before is there at once, without a network', async ({ town }) => {
  const { ada, bob, conversation } = await town.pair();
  await bob.door.say(conversation, 'kept on the device');
  const device = await town.device(ada);
  const network = await halfNetwork(device);
  const tab = await town.tab(device, conversation);
  await expect(tab.message('kept on the device')).toBeVisible();
  await tab.live();
  await tab.kept('kept on the device');
  network.cut();
  await tab.page.reload();
  await expect(tab.message('kept on the device')).toBeVisible();
  await expect(tab.listed(conversation)).toContainText('kept on the device');
});

test('a chat that was begun and not yet written in is still there after a reload', async ({
  town,
}) => {
  const [ada, bob] = [await town.newcomer('ada'), await town.newcomer('bob')];
  const hers = await town.at(ada);
  await hers.find(bob.username);
  await hers.ready();
  await hers.page.reload();
  await hers.ready();
  await hers.sendUntil('So, where was I?', 'stored');
});

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import type { Town } from './people';

/** The pictures of the README and the docs: PARLEY_SCREENSHOTS=on npx playwright test screenshots */

const folder = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const DESK = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 } as const;
const PHONE = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2 } as const;

test.skip(process.env.PARLEY_SCREENSHOTS !== 'on', 'writes into docs/images only when asked to');

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', caret: 'hide' });
}

/** Two people in the middle of something. */
async function scene(town: Town) {
  const ada = await town.newcomer('ada', 'Ada Lovelace');
  const bob = await town.newcomer('charles', 'Charles Babbage');
  for (const [name, displayName, text] of [
    ['mary', 'Mary Somerville', 'The proofs came back this morning.'],
    ['noor', 'نور الهدى', 'مرحبا! متى نلتقي؟'],
    ['grace', 'Grace Hopper', 'Found it. It was an actual moth.'],
  ] as const) {
    const person = await town.newcomer(name, displayName);
    await person.door.say(await person.door.startWith(ada.username), text);
  }
  const conversation = await ada.door.startWith(bob.username);
  const say = (person: typeof ada, text: string) => person.door.say(conversation, text);
  await say(bob, 'I have drawn the mill anew. It is larger than the room it stands in.');
  const plan = await say(bob, 'Could you check the table of operations before Thursday?');
  await say(ada, 'Gladly. I read it on the train.');
  await ada.door.send(conversation, {
    kind: 'message',
    text: 'Number 21 wants V24, not V23. The rest is right, I think.',
    replyTo: plan,
  });
  const thanks = await say(bob, 'You have saved me a winter.');
  await ada.door.send(conversation, { kind: 'react', of: thanks, emoji: '❤️', on: true });
  await say(bob, 'Notes G and H are yours, then: https://example.org/notes');
  return { ada, bob, conversation };
}

test('every state, once', async ({ house, town }) => {
  test.setTimeout(180_000);
  const stranger = await town.tab(await town.device(null, DESK));
  await expect(stranger.page.getByLabel('Username')).toBeVisible();
  await picture(stranger.page, 'sign-in');

  const eve = await town.newcomer('eve');
  const empty = await town.tab(await town.device(eve, DESK));
  await expect(empty.page.getByText('No chats yet')).toBeVisible();
  await picture(empty.page, 'empty');

  const { ada, bob, conversation } = await scene(town);
  const his = await town.at(bob, conversation);
  await his.live();
  const device = await town.device(ada, DESK);
  const inbox = await town.tab(device);
  await expect(inbox.listed(conversation)).toBeVisible();
  await picture(inbox.page, 'inbox');
  await inbox.page.close();

  const desk = await town.tab(device, conversation);
  await expect(desk.page.locator('main header')).toContainText('online');
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.page.emulateMedia({ colorScheme });
    await picture(desk.page, `conversation-${colorScheme}`);
  }
  await desk.page.emulateMedia({ colorScheme: 'light' });
  await desk.menu('You have saved me a winter.');
  await picture(desk.page, 'menu');
  await desk.page.keyboard.press('Escape');
  await desk.page.keyboard.press('Control+K');
  await desk.page.getByRole('combobox').fill('ma');
  await expect(desk.page.getByRole('option').first()).toBeVisible();
  await picture(desk.page, 'find');
  await desk.page.keyboard.press('Escape');
  await desk.profile('Devices');
  await expect(desk.page.getByRole('listitem').first()).toBeVisible();
  await picture(desk.page, 'devices');
  await desk.page.keyboard.press('Escape');

  const phone = await town.tab(await town.device(ada, PHONE));
  await expect(phone.listed(conversation)).toBeVisible();
  await picture(phone.page, 'phone-inbox');
  await phone.open(conversation);
  await picture(phone.page, 'phone-conversation');

  house.proxy.refuse(true);
  house.proxy.rst();
  await desk.broken();
  await desk.send('On the train again. I shall write it all down before Reading.');
  await expect(desk.page.locator('[data-connection][data-shown="true"]')).toBeVisible();
  await picture(desk.page, 'offline');
});

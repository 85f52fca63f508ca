import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

/** No finding of axe in any state, by day and night, on a phone and on a desk; and no mouse needed. */

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SIZES = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
] as const;

/** Looks at a page in both colour schemes. */
async function examine(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await switchAtOnce(page, colorScheme);
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    const found = violations.map(({ id, nodes }) => ({
      id,
      where: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
    }));
    expect.soft(found, `${state}, ${colorScheme}`).toEqual([]);
  }
}

/** Who wants no motion gets none: the other scheme is there at once, and not in steps from parent to child. */
async function switchAtOnce(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  const running = await page.evaluate(() => {
    document.body.getBoundingClientRect();
    return document.getAnimations().filter((one) => one instanceof CSSTransition).length;
  });
  expect.soft(running, `transitions to ${colorScheme}`).toBe(0);
}

for (const viewport of SIZES) {
  test.describe(`at ${viewport.width} px`, () => {
    const options = { viewport, reducedMotion: 'reduce' } as const;

    test('signing in and up', async ({ town }) => {
      const { page } = await town.tab(await town.device(null, options));
      await expect(page.getByLabel('Username')).toBeVisible();
      await examine(page, 'sign in');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await examine(page, 'sign in, with something missing');
      await page.getByRole('button', { name: 'Sign up' }).click();
      await examine(page, 'sign up');
    });

    test('an empty inbox, and finding somebody', async ({ town }) => {
      const [ada, bob] = [await town.newcomer('ada'), await town.newcomer('bob')];
      const { page } = await town.tab(await town.device(ada, options));
      await expect(page.getByText('No chats yet')).toBeVisible();
      await examine(page, 'empty inbox');
      await page.getByRole('button', { name: 'Find a person' }).first().click();
      await page.getByRole('combobox').fill(bob.username);
      await expect(page.getByRole('option', { name: bob.username })).toBeVisible();
      await examine(page, 'find a person');
    });

    test('a conversation, and what hangs on it', async ({ house, town }) => {
      test.slow();
      const { ada, bob, conversation } = await town.pair();
      const first = await ada.door.say(conversation, 'Is the kettle on? https://example.org/tea');
      await bob.door.send(conversation, { kind: 'message', text: 'It sings.', replyTo: first });
      await bob.door.send(conversation, { kind: 'react', of: first, emoji: '☕', on: true });
      await bob.door.say(conversation, 'Come over when you like.');
      const tab = await town.tab(await town.device(ada, options), conversation);
      await expect(tab.message('It sings.')).toBeVisible();
      await examine(tab.page, 'conversation');

      await expect(await tab.menu('It sings.')).toBeVisible();
      await examine(tab.page, 'menu of a message');
      await tab.page.keyboard.press('Escape');

      house.proxy.refuse(true);
      house.proxy.rst();
      await tab.broken();
      await tab.send('On my way');
      await expect(tab.page.locator('[data-connection][data-shown="true"]')).toBeVisible();
      await examine(tab.page, 'without a network');
    });

    test('profile, devices and help', async ({ town }) => {
      test.slow();
      const { ada } = await town.pair();
      const tab = await town.tab(await town.device(ada, options));
      const { page } = tab;
      await page.getByRole('button', { name: 'Your profile' }).click();
      await expect(page.getByRole('menu')).toBeVisible();
      await examine(page, 'profile');
      await page.keyboard.press('Escape');
      for (const item of ['Devices', 'Keyboard shortcuts', 'Change display name']) {
        await tab.profile(item);
        await expect(page.getByRole('dialog')).toBeVisible();
        await examine(page, item);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
    });
  });
}

test('from signing in to a sent message by keyboard alone', async ({ town }) => {
  const [ada, bob] = [await town.newcomer('ada'), await town.newcomer('bob')];
  const { page } = await town.tab(await town.device());
  const keys = page.keyboard;
  await expect(page.getByLabel('Username')).toBeFocused();
  await keys.type(ada.username);
  await keys.press('Tab');
  await keys.type(ada.password);
  await keys.press('Enter');

  await expect(page.getByText('No chats yet')).toBeVisible();
  await keys.press('Control+K');
  await expect(page.getByRole('combobox')).toBeFocused();
  await keys.type(bob.username);
  await expect(page.getByRole('option', { name: bob.username })).toBeVisible();
  await keys.press('Enter');

  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  await keys.type('All by hand');
  await keys.press('Enter');
  const sent = page.locator('article[data-key]').filter({ hasText: 'All by hand' });
  await expect(sent).toHaveAttribute('data-state', /stored|delivered|read/);

  // Up into the messages, and a reaction by its menu.
  await keys.press('Shift+Tab');
  await expect(sent).toBeFocused();
  await keys.press('Enter');
  const inMenu = page.locator('[role="menu"]:focus-within');
  await expect(inMenu).toBeVisible();
  await keys.press('Escape');
  await expect(sent).toBeFocused();
  await keys.press('Enter');
  await expect(inMenu).toBeVisible();
  await keys.press('ArrowDown');
  await keys.press('Enter');
  await expect(sent.getByRole('button', { name: / from / })).toBeVisible();
});

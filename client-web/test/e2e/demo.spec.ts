import { expect, test } from '@playwright/test';
import { startProxy } from '../../scripts/fault-proxy.mjs';
import { Chat } from './chat';
import { ChatServer } from './server';

/** What a newcomer does with `./parley --demo`, in two browsers. */
test('two links, two people and a bot', async ({ browser }) => {
  test.setTimeout(240_000);
  const proxy = await startProxy({ target: 0 });
  const origin = `http://127.0.0.1:${proxy.port}`;
  const server = await ChatServer.start({ origin, words: ['--demo'] });
  proxy.retarget(server.port);
  const enter = async (link: string) => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${origin}/${link}`);
    return new Chat(page);
  };
  try {
    const links = () => server.logSince(0).match(/#link=\S+/g) ?? [];
    await expect.poll(() => links().length).toBe(2);
    const [first = '', second = ''] = links();

    const [ada, bob] = [await enter(first), await enter(second)];
    await ada.page.getByRole('link', { name: /Bob/ }).click();
    await ada.ready();
    expect(ada.page.url(), 'nothing of the link is left to be copied').not.toContain('link');
    await ada.send('Is this thing on?');
    await bob.page.getByRole('link', { name: /Ada/ }).click();
    await expect(bob.message('Is this thing on?')).toBeVisible();
    await ada.state('Is this thing on?', 'read');

    await ada.page.getByRole('link', { name: /Echo/ }).click();
    await ada.ready();
    await ada.send('Anybody there?');
    const echoed = ada.page.locator('article[data-mine="false"]', { hasText: 'Anybody there?' });
    await expect(echoed).toHaveCount(1);

    const late = await enter(first);
    await expect(late.page.getByText('That link has been used')).toBeVisible();
    await expect(late.page.getByLabel('Username')).toBeVisible();
  } finally {
    await proxy.close();
    await server.discard();
  }
});

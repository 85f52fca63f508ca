import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { MessageView } from '../../src/sdk/state';
import { messageOf } from './fake-client';
import { find, renderApp, settled } from './render';
import { ada, bob, CHAT, clientWith, talk } from './talk';

const HOSTILE = [
  '<img src=x onerror="window.hurt=1">',
  '<script>window.hurt=1</script>',
  '"><svg onload=window.hurt=1>',
  '[x](javascript:window.hurt=1) javascript:window.hurt=1',
  '{{window.hurt=1}}',
  '\u202Ereversed\u202C and \u2066isolated',
];

async function open(messages: MessageView[]) {
  await page.viewport(1000, 600);
  const client = clientWith(messages);
  const root = await renderApp(client, `/c/${CHAT}`);
  await expect.element(page.getByRole('log')).toBeVisible();
  await settled(6);
  return { client, root };
}

const from = (by: 'me' | 'peer', seq: number | null, part: Partial<MessageView>) =>
  messageOf({
    key: `m${seq ?? 'x'}`,
    seq,
    by: by === 'me' ? ada.id : bob.id,
    mine: by === 'me',
    text: `message ${seq}`,
    at: Date.now(),
    state: by === 'me' ? 'stored' : null,
    ...part,
  });

describe('a message', () => {
  test('is text, whatever stands in it', async () => {
    const { root } = await open(HOSTILE.map((text, i) => from('peer', i + 1, { text })));
    const shown = [...root.querySelectorAll('[data-text]')].map((text) => text.textContent);
    expect(shown).toEqual(HOSTILE);
    expect(root.querySelector('[data-text] :not(a)')).toBeNull();
    for (const link of root.querySelectorAll('[data-text] a')) {
      expect((link as HTMLAnchorElement).protocol).toMatch(/^(https?|mailto):$/);
    }
    expect('hurt' in window).toBe(false);
  });

  test('opens its links elsewhere, and tells them nothing', async () => {
    const { root } = await open([from('peer', 1, { text: 'see https://example.org/x now' })]);
    const link = find(root, '[data-text] a') as HTMLAnchorElement;
    expect(link.href).toBe('https://example.org/x');
    expect(link.target).toBe('_blank');
    expect(link.rel).toBe('noopener noreferrer ugc');
  });

  test('says in one label who said what, when, and how far it has come', async () => {
    const { root } = await open([
      from('me', 1, { text: 'hello', state: 'read', edited: true }),
      from('me', 2, { state: 'failed', failure: { code: 'too_long' } }),
    ]);
    const label = (key: string) => find(root, `[data-key="${key}"]`).getAttribute('aria-label');
    expect(label('m1')).toMatch(/^You, .+: hello\. edited\. Read$/);
    expect(label('m2')).toContain('Not sent: it is too long.');
  });

  test('that failed stays where it is, with a reason, and can be sent again or given up', async () => {
    const { client } = await open([
      from('peer', 1, {}),
      from('me', null, { state: 'failed', failure: { code: 'expired' } }),
    ]);
    await expect.element(page.getByText('Not sent: it waited for more than a day.')).toBeVisible();
    await page.getByRole('button', { name: 'Retry' }).click();
    expect(client.calls).toContainEqual({ name: 'retry', args: ['mx'] });
  });

  test('shows a change that was refused, and takes a decision', async () => {
    const changes = [{ key: 'x1', kind: 'edit', failure: { code: 'gone' } }] as const;
    const { client } = await open([from('me', 1, { changes })]);
    await expect.element(page.getByText('Edit not saved: the message was deleted.')).toBeVisible();
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(client.calls).toContainEqual({ name: 'discard', args: ['x1'] });
    expect(document.body.textContent).not.toContain('Edit not saved');
  });

  test('is reached by arrows, and its menu by Enter; Escape gives the focus back', async () => {
    const { client, root } = await open(talk(1, 30));
    find(root, '[data-key="m30"]').focus();
    await userEvent.keyboard('{ArrowUp}');
    await expect.poll(() => (document.activeElement as HTMLElement).dataset.key).toBe('m29');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('menu', { name: 'Message actions' })).toBeVisible();
    await expect.poll(() => document.querySelector('[role="menu"]:focus-within')).not.toBeNull();
    await userEvent.keyboard('{ArrowDown}');
    await expect
      .poll(() => document.activeElement?.getAttribute('aria-label') ?? '')
      .toMatch(/^React with/);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => (document.activeElement as HTMLElement).dataset.key).toBe('m29');
    await userEvent.keyboard('{Home}');
    await expect.poll(() => (document.activeElement as HTMLElement).dataset.key).toBe('m1');
    await userEvent.keyboard('{Enter}');
    await page.getByRole('menuitem', { name: 'React with 👍' }).click();
    await expect.element(page.getByRole('button', { name: '👍 from You' })).toBeVisible();
    expect(client.calls).toContainEqual({ name: 'react', args: [CHAT, 1, '👍', true] });
  });

  test('is deleted for both only after a question', async () => {
    const { client } = await open([from('me', 1, {})]);
    const bubble = page.getByText('message 1').last();
    await bubble.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(client.calls.some(({ name }) => name === 'remove')).toBe(false);
    await bubble.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete for both' }).click();
    await expect.element(page.getByText('This message was deleted').last()).toBeVisible();
  });

  test('leads from a quote to what it answers', async () => {
    const answer = from('me', 61, {
      replyTo: { seq: 2, by: bob.id, text: 'the second', deleted: false },
    });
    const { root } = await open([...talk(1, 60), answer]);
    await page.getByTitle('Show the message answered').click();
    await expect.poll(() => (document.activeElement as HTMLElement).dataset.key).toBe('m2');
    expect(find(root, '[data-key="m2"] [data-bubble]').dataset.flashed).toBe('true');
  });

  test('leads by its menu too, for those who have no mouse', async () => {
    const answer = from('me', 61, {
      text: 'see https://example.org/x and example.net, or https://example.org/x',
      replyTo: { seq: 2, by: bob.id, text: 'the second', deleted: false },
    });
    const { root } = await open([...talk(1, 60), answer]);
    find(root, '[data-key="m61"]').focus();
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('menuitem', { name: /^Open / }).first()).toBeVisible();
    const links = [...document.querySelectorAll<HTMLAnchorElement>('[role="menuitem"][href]')];
    expect(links.map(({ href }) => href)).toEqual(['https://example.org/x', 'http://example.net/']);
    expect(links.map(({ rel, target }) => [rel, target])[0]).toEqual([
      'noopener noreferrer ugc',
      '_blank',
    ]);
    await userEvent.keyboard('show');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => (document.activeElement as HTMLElement).dataset.key).toBe('m2');
    await settled(6);
    expect((document.activeElement as HTMLElement).dataset.key).toBe('m2');
  });
});

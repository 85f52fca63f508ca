import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { atEnd, distanceFromEnd, find, heightOf, renderApp, settled, topOf } from './render';
import { CHAT, clientWith, talk } from './talk';

async function openChat(client: ReturnType<typeof clientWith>) {
  await page.viewport(1000, 600);
  const root = await renderApp(client, `/c/${CHAT}`);
  await expect.element(page.getByRole('log')).toBeVisible();
  await settled(8);
  return { root, log: find(root, '[role="log"]') };
}

async function scrollUp(log: HTMLElement, pixels: number) {
  log.dispatchEvent(new WheelEvent('wheel', { deltaY: -pixels, bubbles: true }));
  log.scrollTop -= pixels;
  await settled(6);
}

describe('the timeline', () => {
  test('opens at its end, with a window of rows and not all of them', async () => {
    const { root, log } = await openChat(clientWith(talk(1, 500)));
    await atEnd(log);
    expect(root.querySelectorAll('article').length).toBeLessThan(60);
    expect(root.querySelector('[data-key="m500"]')).not.toBeNull();
  });

  test('goes along with what comes in while its reader is at the end', async () => {
    const client = clientWith(talk(1, 100));
    const { log } = await openChat(client);
    for (let i = 0; i < 5; i += 1) {
      client.receive(CHAT, `news ${i} ${'long '.repeat(i * 20)}`);
      await settled(2);
    }
    await atEnd(log);
  });

  test('stays where it is read when something comes in, and counts it', async () => {
    const client = clientWith(talk(1, 100));
    const { root, log } = await openChat(client);
    await scrollUp(log, 900);
    const [row] = visibleRows(root, log);
    const before = topOf(row as Element);
    client.receive(CHAT, 'news');
    client.receive(CHAT, 'more news');
    await settled(6);
    expect(Math.abs(topOf(row as Element) - before)).toBeLessThanOrEqual(1);
    await page.getByRole('button', { name: 'Jump to 2 new messages' }).click();
    await atEnd(log);
  });

  test('goes to its end when something is sent, wherever it was', async () => {
    const client = clientWith(talk(1, 100));
    const { root, log } = await openChat(client);
    await scrollUp(log, 2000);
    await page.getByRole('textbox', { name: 'Message' }).fill('here I am');
    await page.getByRole('button', { name: 'Send' }).click();
    await atEnd(log);
    expect(find(root, 'article:last-of-type [data-text]')).toBeDefined();
    await expect.element(page.getByText('here I am').first()).toBeVisible();
  });

  test('keeps the message in its place to the pixel when older ones come before it', async () => {
    const client = clientWith(talk(901, 1000), {}, talk(1, 900));
    const { root, log } = await openChat(client);
    let worst = 0;
    for (let round = 0; round < 6; round += 1) {
      const held = client.messages(CHAT).length;
      // To the very top, where there is nothing above to hold on to.
      await scrollUp(log, log.scrollTop);
      const [row] = visibleRows(root, log);
      const key = (row as HTMLElement).dataset.key;
      const before = topOf(row as Element);
      await expect.poll(() => client.messages(CHAT).length).toBeGreaterThan(held);
      await settled(6);
      const after = topOf(find(root, `[data-key="${key}"]`));
      worst = Math.max(worst, Math.abs(after - before));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  test('puts the divider at a quarter of the height, and leaves it there', async () => {
    const client = clientWith(talk(1, 100), { unread: 27, mine: { delivered: 100, read: 60 } });
    const { root, log } = await openChat(client);
    const divider = page.getByText('new messages').first();
    await expect.element(divider).toBeVisible();
    const quarter = topOf(log) + log.clientHeight / 4;
    expect(Math.abs(topOf(divider.element()) - quarter)).toBeLessThan(30);
    const next = find(root, '[data-key="m61"]');
    const before = topOf(next);
    client.receive(CHAT, 'news');
    client.markRead(CHAT, 70);
    await settled(6);
    expect(topOf(next)).toBe(before);
    expect(divider.element().textContent).toBe('27 new messages');
    await page.getByRole('textbox', { name: 'Message' }).fill('an answer');
    await page.getByRole('button', { name: 'Send' }).click();
    await atEnd(log);
    expect(root.textContent).not.toContain('27 new messages');
  });

  test('stays at the end while the composer grows', async () => {
    const { log } = await openChat(clientWith(talk(1, 100)));
    await page.getByRole('textbox', { name: 'Message' }).fill('line\n'.repeat(7));
    await settled(6);
    await atEnd(log);
  });

  test('does not move when the peer begins or stops to type', async () => {
    const client = clientWith(talk(1, 100));
    const { root, log } = await openChat(client);
    const last = find(root, '[data-key="m100"]');
    const before = topOf(last);
    client.update(CHAT, { typingUntil: Date.now() + 6000 });
    await settled();
    expect(topOf(last)).toBe(before);
    expect(distanceFromEnd(log)).toBeLessThanOrEqual(1);
  });

  test('keeps a row and its focus when what was sent is stored', async () => {
    const client = clientWith(talk(1, 10));
    client.settles = false;
    const { root } = await openChat(client);
    await page.getByRole('textbox', { name: 'Message' }).fill('hello');
    await page.getByRole('button', { name: 'Send' }).click();
    await settled();
    const row = find(root, '[data-state="queued"]');
    const height = heightOf(row);
    client.advance(CHAT, row.dataset.key ?? '', 'stored');
    await settled();
    expect(row.isConnected).toBe(true);
    expect(row.dataset.state).toBe('stored');
    expect(row.dataset.seq).toBe('11');
    expect(heightOf(row)).toBe(height);
  });
});

/** The rows on screen, topmost first. */
function visibleRows(root: HTMLElement, log: HTMLElement): Element[] {
  return [...root.querySelectorAll('article')]
    .filter((row) => topOf(row) >= topOf(log))
    .sort((a, b) => topOf(a) - topOf(b));
}

import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Draft } from '../../src/sdk/state';
import { find, renderApp, settled } from './render';
import { CHAT, clientWith, talk } from './talk';

async function open(draft: Draft | null = null) {
  await page.viewport(1000, 600);
  const client = clientWith(talk(1, 12), { draft });
  const root = await renderApp(client, `/c/${CHAT}`);
  const field = page.getByRole('textbox', { name: 'Message' });
  await expect.element(field).toBeVisible();
  await settled();
  const element = field.element() as HTMLTextAreaElement;
  element.focus();
  return { client, root, field, element };
}

const sent = (client: ReturnType<typeof clientWith>) =>
  client.calls.filter(({ name }) => name === 'send').map(({ args }) => args.slice(1));

describe('the composer', () => {
  test('sends by Enter, makes a line by Shift and Enter, and is empty and focused then', async () => {
    const { client, element } = await open();
    await userEvent.keyboard('one{Shift>}{Enter}{/Shift}two{Enter}');
    expect(sent(client)).toEqual([['one\ntwo', null]]);
    expect(element.value).toBe('');
    expect(document.activeElement).toBe(element);
  });

  test('does not send what an input method composes', async () => {
    const { client, field, element } = await open();
    await field.fill('に');
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, ...init });
      element.dispatchEvent(event);
    }
    await settled();
    expect(sent(client)).toEqual([]);
    expect(element.value).toBe('に');
  });

  test('sends nothing where nothing can be seen', async () => {
    const { client } = await open();
    await userEvent.keyboard('  {Enter}');
    expect(sent(client)).toEqual([]);
  });

  test('edits my last message by the arrow up, and gives back by Escape what was there', async () => {
    const { client, element } = await open();
    await userEvent.keyboard('{ArrowUp}');
    expect(element.value).toBe(client.messages(CHAT).at(-1)?.text);
    await expect.element(page.getByText('Editing message')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(element.value).toBe('');
    await userEvent.keyboard('{ArrowUp}');
    await userEvent.fill(element, 'better');
    await userEvent.keyboard('{Enter}');
    const edit = client.calls.find(({ name }) => name === 'edit');
    expect(edit?.args).toEqual([CHAT, 12, 'better']);
    expect(element.value).toBe('');
  });

  test('keeps what an edit interrupts, wherever one goes meanwhile', async () => {
    const begun: Draft = { text: 'half a thought', replyTo: 11, edits: null };
    const { client, element } = await open(begun);
    const last = client.messages(CHAT).at(-1);
    await page
      .getByText(last?.text ?? '')
      .last()
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await expect.poll(() => element.value).toBe(last?.text);
    // With the draft itself: it is all that is there after a change of the chat, or a reload.
    const { text, replyTo } = begun;
    expect(client.conversation(CHAT).draft).toEqual({
      text: last?.text,
      replyTo: null,
      edits: 12,
      aside: { text, replyTo },
    });
    await userEvent.keyboard('{Escape}');
    expect(element.value).toBe('half a thought');
    expect(client.conversation(CHAT).draft).toEqual(begun);
  });

  test('gives back what an edit interrupted before this page was there', async () => {
    const aside = { text: 'half a thought', replyTo: null };
    const { client, element } = await open({ text: 'better', replyTo: null, edits: 12, aside });
    await userEvent.keyboard('{Enter}');
    const edit = client.calls.find(({ name }) => name === 'edit');
    expect(edit?.args).toEqual([CHAT, 12, 'better']);
    expect(element.value).toBe('half a thought');
  });

  test('shows a draft with what it answers, keeps it with every key, and sends it so', async () => {
    const { client, element } = await open({ text: 'as I said', replyTo: 11, edits: null });
    expect(element.value).toBe('as I said');
    await expect.element(page.getByText('Replying to')).toBeVisible();
    element.setSelectionRange(9, 9);
    await userEvent.keyboard('!');
    expect(client.conversation(CHAT).draft).toEqual({
      text: 'as I said!',
      replyTo: 11,
      edits: null,
    });
    await userEvent.keyboard('{Enter}');
    expect(sent(client)).toEqual([['as I said!', 11]]);
    expect(client.conversation(CHAT).draft).toBeNull();
  });

  test('takes over a draft that is read late, but never over what was typed meanwhile', async () => {
    const late: Draft = { text: 'from the disk', replyTo: null, edits: null };
    const { client, element } = await open();
    client.update(CHAT, { draft: late });
    await expect.poll(() => element.value).toBe('from the disk');
    await userEvent.keyboard(' and on');
    client.update(CHAT, { draft: late });
    await settled();
    if (document.hasFocus()) expect(element.value).toBe('from the disk and on');
  });

  test('counts near the limit, and refuses beyond it', async () => {
    const { client, field } = await open();
    client.set({ textLimit: 300 });
    await field.fill('x'.repeat(250));
    await expect.element(page.getByText('50 left')).toBeVisible();
    await field.fill('🎉'.repeat(301));
    await expect.element(page.getByText('1 character too many')).toBeVisible();
    await userEvent.keyboard('{Enter}');
    expect(sent(client)).toEqual([]);
    await expect.element(page.getByRole('button', { name: 'Send' })).toBeDisabled();
  });

  test('grows to eight lines, and no further', async () => {
    const { field, element } = await open();
    await field.fill('line');
    const one = element.clientHeight;
    await field.fill('line\n'.repeat(5).trimEnd());
    expect(element.clientHeight).toBe(one + 4 * 22);
    await field.fill('line\n'.repeat(40));
    expect(element.clientHeight).toBeLessThan(one + 8.5 * 22);
    expect(find(document, 'form')).toBeDefined();
  });

  test('tells of typing, and of the end of it', async () => {
    const { client } = await open();
    await userEvent.keyboard('h{Enter}');
    const told = client.calls.filter(({ name }) => name === 'typing').map(({ args }) => args[1]);
    expect(told).toEqual([true, false]);
  });
});

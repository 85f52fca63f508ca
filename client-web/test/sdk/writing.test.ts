import { describe, expect, test } from 'vitest';
import { Scene } from './kit/scene';

const DRAFT = { text: 'dear', replyTo: null, edits: null };

describe('writing', () => {
  test('what is written offline is on the disk, and sent by the tab after the next start', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    scene.browser.setOnline(false);
    await scene.within(seat.client.send(scene.conversation, 'written offline'));
    expect(scene.view(seat)).toMatchObject({ waiting: 1, last: { state: 'queued' } });
    scene.browser.kill();
    scene.browser.setOnline(true);
    const next = await scene.open();
    await scene.world.pass(5_000);
    expect(scene.stored()).toEqual(['written offline']);
    expect(scene.view(next)).toMatchObject({ waiting: 0, last: { state: 'stored' } });
  });

  test('a full disk says so at once, and nothing is sent', async () => {
    const scene = new Scene();
    const seat = await scene.open();
    scene.browser.isFull = true;
    const sent = seat.client.send(scene.conversation, 'a');
    await expect(scene.within(sent)).rejects.toThrow('full');
    await scene.world.pass(60_000);
    expect(scene.stored()).toEqual([]);
  });

  test.each([
    ['empty', ' \n'],
    ['too_long', 'a'.repeat(8_001)],
    ['invalid_text', 'a\u0000'],
  ])('a text that is %s is refused before it costs anything', async (code, text) => {
    const scene = new Scene();
    const seat = await scene.open();
    expect(seat.client.textFault(text)).toBe(code);
    const { client } = seat;
    await expect(client.send(scene.conversation, text)).rejects.toMatchObject({ code });
    await expect(client.edit(scene.conversation, 2, text)).rejects.toMatchObject({ code });
    await scene.world.pass(1_000);
    expect(scene.heard('send')).toEqual([]);
  });

  test('the server’s own limit of a text counts', async () => {
    const scene = new Scene();
    scene.server.limits = { text: 5, inFlight: 8, page: 100 };
    const seat = await scene.open();
    expect(scene.state(seat).textLimit).toBe(5);
    expect(seat.client.textFault('123456')).toBe('too_long');
    expect(seat.client.textFault('12345')).toBeNull();
  });

  test('edits, reactions and deletions come to the other’s screen', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    const bob = await scene.open(scene.world.browser(scene.bob), scene.bob);
    await scene.within(bob.client.open(scene.conversation));
    const { client } = seat;
    await scene.within(client.send(scene.conversation, 'first', 2));
    const seq = scene.view(seat).last?.seq ?? 0;
    await scene.within(client.edit(scene.conversation, seq, 'second'));
    await scene.within(client.react(scene.conversation, 2, '👍', true));
    const [hello, answer] = scene.view(bob).timeline?.messages ?? [];
    expect(hello?.reactions).toMatchObject([{ emoji: '👍', by: [scene.ada.id] }]);
    expect(answer).toMatchObject({ text: 'second', edited: true, replyTo: { text: 'hello' } });
    await scene.within(client.remove(scene.conversation, seq));
    expect(scene.view(bob).timeline?.messages[1]).toMatchObject({ text: '', deleted: true });
    expect(scene.server.violations).toEqual([]);
  });

  test('what was refused can be sent again, or given up', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    scene.server.faults.refuseNext('forbidden');
    scene.server.faults.refuseNext('forbidden');
    const first = await scene.within(seat.client.send(scene.conversation, 'first'));
    const second = await scene.within(seat.client.send(scene.conversation, 'second'));
    expect(scene.view(seat)).toMatchObject({ failed: 2, last: { state: 'failed' } });
    await scene.within(seat.client.retry(second));
    await scene.within(seat.client.discard(first));
    expect(scene.stored()).toEqual(['second']);
    expect(scene.view(seat).failed).toBe(0);
  });
});

describe('drafts', () => {
  test('a draft is shown at once, kept a moment later, and told to the other tabs', async () => {
    const scene = new Scene();
    scene.says('hello');
    const [here, there] = [await scene.open(), await scene.open()];
    const before = await scene.rows();
    here.client.saveDraft(scene.conversation, DRAFT);
    await scene.world.pass(100);
    expect(scene.view(here).draft).toEqual(DRAFT);
    expect(scene.view(there).draft).toBeNull();
    here.client.saveDraft(scene.conversation, { ...DRAFT, text: 'dear Bob' });
    await scene.world.pass(250);
    expect(await scene.rows(), 'not with every key').toBe(before);
    await scene.world.pass(100);
    expect(await scene.rows()).toBe(before + 1);
    expect(scene.view(there).draft?.text).toBe('dear Bob');
    here.client.saveDraft(scene.conversation, null);
    await scene.world.pass(400);
    expect(scene.view(there).draft).toBeNull();
    expect(await scene.rows()).toBe(before);
  });

  test('a draft is there after a reload, and one that was just begun is not lost by a stop', async () => {
    const scene = new Scene();
    scene.says('hello');
    const seat = await scene.open();
    seat.client.saveDraft(scene.conversation, DRAFT);
    await scene.within(seat.client.stop());
    expect(scene.view(await scene.open()).draft).toEqual(DRAFT);
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import type { Attention } from '../../src/platform/attention';
import { Seen } from '../../src/ui/chat/seen';
import { settled } from './render';

class FakeAttention implements Attention {
  #attentive = false;
  readonly #listeners = new Set<(attentive: boolean) => void>();
  now = () => this.#attentive;
  subscribe = (listener: (attentive: boolean) => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  set(attentive: boolean) {
    this.#attentive = attentive;
    for (const listener of this.#listeners) listener(attentive);
  }
}

function scroller(heights: number[]) {
  const root = document.createElement('div');
  root.style.cssText = 'block-size: 200px; overflow: auto';
  for (const height of heights) {
    const row = document.createElement('div');
    row.style.blockSize = `${height}px`;
    root.append(row);
  }
  document.body.append(root);
  return root;
}

async function watch(heights: number[]) {
  const root = scroller(heights);
  const attention = new FakeAttention();
  const marks: number[] = [];
  const seen = new Seen(
    () => root,
    attention,
    (seq) => marks.push(seq),
  );
  const ends = [...root.children].map((row, i) => seen.observe(row, i + 1));
  await settled();
  return { root, attention, marks, ends };
}

afterEach(() => document.body.replaceChildren());

describe('what has been read', () => {
  test('is what was on screen while somebody looked, and nothing before', async () => {
    const { attention, marks, root } = await watch([90, 90, 90, 90]);
    expect(marks).toEqual([]);
    attention.set(true);
    expect(marks).toEqual([2]);
    root.scrollTop = 170;
    await expect.poll(() => marks).toEqual([2, 4]);
  });

  test('is no message of which only an edge shows, but one higher than the screen', async () => {
    const { attention, marks, root } = await watch([190, 90, 1000]);
    attention.set(true);
    expect(marks).toEqual([1]);
    root.scrollTop = 400;
    await expect.poll(() => marks).toEqual([1, 3]);
  });

  test('is never less again, and ends with the rows', async () => {
    const { attention, marks, root, ends } = await watch([90, 90, 90, 90]);
    attention.set(true);
    root.scrollTop = 170;
    await expect.poll(() => marks.at(-1)).toBe(4);
    root.scrollTop = 0;
    await settled();
    for (const end of ends) end();
    attention.set(false);
    attention.set(true);
    expect(marks.at(-1)).toBe(4);
  });
});

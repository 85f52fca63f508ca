import { expect, test } from './fixtures';

/** A conversation that is longer than what a browser holds of it. */

// It is made at once, and not at the pace of two people.
test.use({ rateLimits: false });

test('pages back through all of it, and holds still meanwhile', async ({ town }) => {
  test.slow();
  const { ada, bob, conversation } = await town.pair();
  const count = 300;
  const texts = Array.from({ length: count }, (_, i) =>
    `${i + 1}: ${'word '.repeat(1 + (i % 40))}`.trim(),
  );
  await Promise.all(
    [ada, bob].map(async ({ door }, which) => {
      const own = texts.filter((_, i) => i % 2 === which);
      for (const text of own) await door.say(conversation, text);
    }),
  );
  const log = (await ada.door.messages(conversation)).map(({ text }) => text ?? '');
  const tab = await town.at(ada, conversation);
  await tab.live();
  await expect(tab.message(log.at(-1) ?? '')).toBeAttached();
  const shown = await tab.transcript();
  expect(shown.map(({ text }) => text)).toEqual(log);
});

test('earlier messages that come in move nothing on the screen', async ({ house, town }) => {
  test.slow();
  const { ada, conversation } = await town.pair();
  for (let i = 1; i <= 200; i += 1) await ada.door.say(conversation, `number ${i}`);
  const tab = await town.at(ada, conversation);
  await tab.live();
  await expect(tab.message('number 200')).toBeVisible();
  const places = () =>
    tab.log.evaluate((log) => {
      const { top: from, bottom: to } = log.getBoundingClientRect();
      const rows = [...log.querySelectorAll<HTMLElement>('article[data-seq]')].map(
        (row) => [row.dataset.seq ?? '', row.getBoundingClientRect()] as const,
      );
      return Object.fromEntries(
        rows
          .filter(([, { top, bottom }]) => top >= from && bottom <= to)
          .map(([seq, { top }]) => [seq, top]),
      );
    });

  // What is on its way is held, so that the screen is certainly looked at before it comes.
  house.proxy.blackhole(true);
  const loading = tab.page.getByText('Loading earlier messages…');
  await tab.log.hover();
  await tab.page.mouse.wheel(0, -100_000);
  await expect(loading).toBeVisible();
  const standing = await places();
  house.proxy.blackhole(false);
  await expect(loading).not.toBeAttached();
  const after = await places();
  const common = Object.keys(standing).filter((seq) => seq in after);
  expect(common.length).toBeGreaterThan(3);
  for (const seq of common) {
    expect(Math.abs((after[seq] ?? 0) - (standing[seq] ?? 0))).toBeLessThanOrEqual(1);
  }
});

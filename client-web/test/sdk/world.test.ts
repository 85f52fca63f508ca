import { test } from 'vitest';
import { Life } from './worlds/life';
import { check } from './worlds/promises';

const SEEDS = Number(process.env.PARLEY_SEEDS ?? 30);
const FIRST = Number(process.env.PARLEY_SEED ?? 1);
const STEPS = 250;

/**
 * People, browsers, tabs, a network, a server and a disk, by chance. `PARLEY_SEED=n PARLEY_SEEDS=1`
 * lives one life again.
 */
test.each([
  ['crashes, cuts, refusals and full disks', false],
  ['and backups that are restored', true],
])('nothing is lost, doubled or moved: %s', { timeout: 600_000 }, async (_, restores) => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const life = new Life(seed, restores);
    await life.run(STEPS);
    await check(life);
    await life.stop();
  }
});

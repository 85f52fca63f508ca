/**
 * Holds the build to its budget: what a browser fetches before anything is shown, gzipped. What is
 * loaded later, when it is asked for, doesn't count.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const page = readFileSync(`${dist}index.html`, 'utf8');

/** What the page names itself: its script with all that it imports at once, and its styles. */
const budgets = [
  { what: 'initial JS', limit: 125_000, files: /(?:src|href)="\/([^"]+\.js)"/g },
  { what: 'initial CSS', limit: 12_000, files: /href="\/([^"]+\.css)"/g },
];

const inKilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

for (const { what, limit, files } of budgets) {
  const names = [...page.matchAll(files)].map(([, name]) => name);
  const sizes = names.map((name) => gzipSync(readFileSync(dist + name), { level: 9 }).length);
  const size = sizes.reduce((sum, bytes) => sum + bytes, 0);
  console.log(`  ${what}: ${inKilobytes(size)} gzipped, of ${inKilobytes(limit)}`);
  if (names.length === 0 || size > limit) {
    console.error(
      names.length === 0
        ? `dist/index.html names no ${what}: the budget looks in the wrong place.`
        : `The ${what} is ${inKilobytes(size - limit)} over its budget:\n` +
            names.map((name, i) => `    ${name} ${inKilobytes(sizes[i] ?? 0)}`).join('\n'),
    );
    process.exitCode = 1;
  }
}

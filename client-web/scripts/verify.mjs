/**
 * What `./mvnw verify` runs of the web client:
 *
 *     node scripts/verify.mjs unit    types, lint, unit and component tests, the build, its budget
 *     node scripts/verify.mjs e2e     browsers against the real server: needs the builds of both
 *     node scripts/verify.mjs         one after the other
 *
 * Ends with the exit code of the part that failed.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIN_NODE = [20, 19];
const root = fileURLToPath(new URL('..', import.meta.url));
const npm = ['npm', '--no-audit', '--no-fund', '--loglevel=error'];
const tool = (name, ...words) => [join(root, 'node_modules/.bin', name), ...words];

const PARTS = {
  unit: [
    ['types and lint', [...npm, 'run', '--silent', 'check']],
    ['unit and component tests', tool('vitest', 'run')],
    ['the build', [...npm, 'run', '--silent', 'build']],
    ['the budget of the build', ['node', 'scripts/budget.mjs']],
  ],
  e2e: [['browsers against the server', tool('playwright', 'test')]],
};

const asked = process.argv.slice(2);
const parts = asked.length > 0 ? asked : Object.keys(PARTS);
const unknown = parts.find((part) => !(part in PARTS));
if (unknown) fail(`There is no part called ${unknown}; there are ${Object.keys(PARTS)}.`);

requireNode();
install();
for (const part of parts) {
  for (const [what, command] of PARTS[part]) run(what, command);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [minMajor, minMinor] = MIN_NODE;
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return;
  fail(
    `The web client needs Node ${MIN_NODE.join('.')} or later, and this is ${process.version}. ` +
      'Get one from\nhttps://nodejs.org, or leave the web client out: ./mvnw verify -Dweb=off',
  );
}

/** The stamp is the one that ./parley looks at, too. */
function install() {
  const stamp = join(root, 'node_modules/.installed');
  const lock = join(root, 'package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  run('fetching libraries', [...npm, 'ci']);
  writeFileSync(stamp, '');
}

function run(what, [command, ...words]) {
  console.log(`[web] ${what}`);
  const startedMillis = performance.now();
  // The Node that runs this also runs what it starts, whatever else is on the path.
  const path = [dirname(process.execPath), process.env.PATH].join(':');
  const { status, signal, error } = spawnSync(command, words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  if (error) fail(`[web] ${what}: ${error.message}`);
  if (status !== 0) {
    fail(`[web] FAILED: ${what}${signal ? `, ended by ${signal}` : ''}`, status ?? 1);
  }
  console.log(`[web] ${what}: done in ${Math.round((performance.now() - startedMillis) / 1000)} s`);
}

function fail(why, exitCode = 1) {
  console.error(why);
  process.exit(exitCode);
}

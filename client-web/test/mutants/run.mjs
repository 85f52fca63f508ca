/**
 * Tells the SDK one lie at a time and looks whether a test says so: `npm run mutants`, or with
 * parts of files' names for some of them. Works on a copy; exits 1 if a lie goes unnoticed.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const copy = join(mkdtempSync(join(tmpdir(), 'parley-mutants-')), 'client-web');
/** A lie may keep the tests running for ever: that is noticed, too. */
const PATIENCE_MILLIS = 300_000;

/** Tests to ask first: a whole run takes a minute, and most lies are found near by. */
const FIRST = {
  'account.ts': ['signed-out', 'return'],
  'client.ts': ['signed-out', 'hazards'],
  'connection/': ['machine', 'return'],
  'disk.ts': ['hazards', 'world'],
  'drafts.ts': ['writing', 'hazards'],
  'engine.ts': ['hazards', 'return'],
  'ephemeral.ts': ['presence'],
  'history.ts': ['history'],
  'inbox.ts': ['finding', 'return'],
  'log/log.ts': ['timeline', 'summary'],
  'log/records.ts': ['records'],
  'log/summary.ts': ['summary'],
  'log/sync.ts': ['sync', 'world'],
  'log/timeline.ts': ['timeline'],
  'marks.ts': ['marks'],
  'outbox/lane.ts': ['lane', 'queue'],
  'outbox/': ['queue', 'pool'],
  'outbox/text.ts': ['text'],
  'view.ts': ['view'],
  'views.ts': ['view'],
};

function prepare() {
  for (const name of ['src', 'test/sdk', 'test/contract', 'tsconfig.json', 'package.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  // The examples and schemas, where the tests look for them.
  symlinkSync(join(root, '..', 'protocol'), join(copy, '..', 'protocol'));
  writeFileSync(
    join(copy, 'vitest.config.mjs'),
    `export default { test: { include: ['test/sdk/**/*.test.ts'], setupFiles: ['test/sdk/setup.ts'], testTimeout: 30_000 } };\n`,
  );
}

/** Runs tests, all or those named; resolves with the one that failed first, or null. */
function run(names) {
  const files = names.map((name) => `test/sdk/${name}.test.ts`);
  // Of files that aren't there vitest runs none and fails: that would pass for a lie noticed.
  const gone = files.find((file) => !existsSync(join(copy, file)));
  if (gone !== undefined) throw new Error(`There is no ${gone}`);
  const vitest = join(copy, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, PARLEY_SEEDS: '2', CI: '1', NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [vitest, 'run', '--bail=1', ...files], {
      cwd: copy,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    child.stdout.on('data', (some) => {
      told += some;
    });
    child.stderr.on('data', (some) => {
      told += some;
    });
    const alarm = setTimeout(() => {
      told = 'FAIL it never ends\n';
      child.kill('SIGKILL');
    }, PATIENCE_MILLIS);
    child.on('exit', (code) => {
      clearTimeout(alarm);
      const [, failed] = /^\s*FAIL\s+(.*)$/m.exec(told) ?? [];
      resolve(code === 0 ? null : (failed ?? told.slice(-300).trim()));
    });
  });
}

function near(file) {
  const [, names] =
    Object.entries(FIRST)
      .filter(([part]) => file.startsWith(part))
      .sort(([a], [b]) => b.length - a.length)[0] ?? [];
  return names ?? [];
}

/** The test that says so; null when none does. */
async function noticed({ file, from, to }) {
  const path = join(copy, 'src', 'sdk', file);
  const truth = readFileSync(path, 'utf8');
  if (truth.split(from).length !== 2) {
    return undefined;
  }
  writeFileSync(
    path,
    truth.replace(from, () => to),
  );
  try {
    return (near(file).length > 0 ? await run(near(file)) : null) ?? (await run([]));
  } finally {
    writeFileSync(path, truth);
  }
}

prepare();
try {
  const wanted = process.argv.slice(2);
  const truth = await run([]);
  if (truth !== null) {
    throw new Error(`The tests fail before any lie: ${truth}`);
  }
  const results = [];
  for (const mutant of mutants) {
    if (wanted.length > 0 && !wanted.some((part) => mutant.file.includes(part))) continue;
    const by = await noticed(mutant);
    const result = by === undefined ? 'STALE' : by === null ? 'SURVIVED' : 'caught';
    results.push(result);
    console.log(`${result.padEnd(9)} ${mutant.file.padEnd(24)} ${mutant.breaks}`);
    console.log(`${' '.repeat(34)} ${by?.replace('test/sdk/', '').slice(0, 140) ?? mutant.from}`);
  }
  const caught = results.filter((result) => result === 'caught').length;
  console.log(`${caught} of ${results.length} caught`);
  process.exitCode = caught === results.length ? 0 : 1;
} finally {
  rmSync(dirname(copy), { recursive: true, force: true });
}

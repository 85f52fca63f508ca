/**
 * The Chromium that tests run in: $CHROME_PATH, else the system's, else the one that npm brings,
 * unpacked once. The last needs nothing of the machine but glibc 2.34 or later: it comes with the
 * libraries that a server lacks, and with fonts for where there are none.
 */

import { createReadStream, createWriteStream, existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const packed = join(modules, '@sparticuz/chromium');

// No sandbox: tests run as root in containers, on pages of our own. The rest keeps the browser
// from talking to anybody but the server under test, and makes it speak TCP, which faults need.
const ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// For a machine without fonts; the one in the package names folders of another world.
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** @type {Promise<string> | undefined} */
let unpacked;

/**
 * @returns {Promise<{executablePath: string, args: string[], env: Record<string, string>}>} `env`
 *   holds what to add to the environment, and nothing else
 */
export async function browser() {
  const own = process.env.CHROME_PATH;
  if (own) {
    if (!existsSync(own)) throw new Error(`CHROME_PATH is ${own}, and there is no such file.`);
    return { executablePath: own, args: ['--headless=new', ...ARGS], env: {} };
  }
  if (existsSync('/usr/bin/chromium')) {
    return { executablePath: '/usr/bin/chromium', args: ['--headless=new', ...ARGS], env: {} };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `npm has no Chromium for ${process.platform} on ${process.arch}: set CHROME_PATH to the ` +
        'program file of a Chrome or Chromium.',
    );
  }
  unpacked ??= unpack();
  const folder = await unpacked;
  const libraries = [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    executablePath: join(folder, 'chromium'),
    args: ['--headless=shell', ...ARGS],
    env: {
      LD_LIBRARY_PATH: libraries,
      ...(hasFonts() ? {} : { FONTCONFIG_PATH: folder }),
    },
  };
}

/** The folder of the unpacked browser. */
async function unpack() {
  const require = createRequire(import.meta.url);
  const { version } = require(join(packed, 'package.json'));
  const cache = join(modules, '.cache/chromium');
  const folder = join(cache, version);
  if (existsSync(folder)) return folder;

  // Several processes may come here at once. Each unpacks beside, and the first to rename wins:
  // whoever sees the folder sees all of it.
  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    await Promise.all([
      inflate('chromium.br', createWriteStream(join(partial, 'chromium'))),
      ...['al2023.tar.br', 'fonts.tar.br'].map((name) => inflate(name, tarTo(partial))),
    ]);
    await chmod(join(partial, 'chromium'), 0o755);
    await writeFile(join(partial, 'fonts.conf'), FONTS);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/**
 * @param {string} name
 * @param {NodeJS.WritableStream} target
 */
function inflate(name, target) {
  return pipeline(createReadStream(join(packed, 'bin', name)), createBrotliDecompress(), target);
}

/** @param {string} folder */
function tarTo(folder) {
  // The package's own dependency, so that ours need not name it as well.
  return createRequire(join(packed, 'package.json'))('tar-fs').extract(folder);
}

function hasFonts() {
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts', join(homedir(), '.fonts')];
  return existsSync('/etc/fonts/fonts.conf') && folders.some(holdsFont);
}

/**
 * @param {string} folder
 * @returns {boolean}
 */
function holdsFont(folder) {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? holdsFont(join(folder, entry.name))
      : /\.(ttf|otf|ttc|pfb)$/i.test(entry.name),
  );
}

// Run by itself: unpack, and say where it is.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { executablePath } = await browser();
  process.stdout.write(`${executablePath}\n`);
}

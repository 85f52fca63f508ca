/**
 * Writes a `.gz` and a `.br` beside each text file of the build, at the highest level: done once
 * here, so that the server need never compress anything.
 */

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const TEXT = new Set(['.js', '.css', '.html', '.svg', '.json', '.webmanifest']);

const encodings = {
  '.gz': (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
  '.br': (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
};

async function compress(file) {
  const bytes = await readFile(file);
  await Promise.all(
    Object.entries(encodings).map(async ([ending, encode]) => {
      const encoded = await encode(bytes);
      // A small file may grow by it; one from before must not stand for this one.
      if (encoded.length < bytes.length) await writeFile(file + ending, encoded);
      else await rm(file + ending, { force: true });
    }),
  );
}

const entries = await readdir(dist, { recursive: true, withFileTypes: true });
await Promise.all(
  entries
    .filter((entry) => entry.isFile() && TEXT.has(extname(entry.name)))
    .map((entry) => compress(join(entry.parentPath ?? entry.path, entry.name))),
);

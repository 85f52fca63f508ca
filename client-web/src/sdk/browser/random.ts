import type { Random } from '../ports';

export const browserRandom: Random = {
  fraction() {
    const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
    return drawn / 2 ** 32;
  },
  // Not `randomUUID`: an insecure context doesn't have it.
  id() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
};

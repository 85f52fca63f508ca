import type { Person } from '../sdk/state';
import { storage } from './storage';

const KEY = 'parley.lastUser';

/**
 * Who used this browser last: their stored chats are shown before the network has answered. It
 * holds no credentials.
 */
export const lastUser = {
  read(): Person | null {
    try {
      const value: unknown = JSON.parse(storage.get(KEY) ?? 'null');
      return isPerson(value) ? value : null;
    } catch {
      return null;
    }
  },
  write(person: Person | null): void {
    storage.set(KEY, person === null ? null : JSON.stringify(person));
  },
};

function isPerson(value: unknown): value is Person {
  if (typeof value !== 'object' || value === null) return false;
  const { id, username, displayName } = value as Record<string, unknown>;
  return [id, username, displayName].every((field) => typeof field === 'string');
}

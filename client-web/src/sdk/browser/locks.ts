import type { Clock, Locks, Random } from '../ports';
import { leases } from './lease';

/** Web Locks; leases where a page has none, for it didn't come over TLS. */
export function browserLocks(clock: Clock, random: Random): Locks {
  const manager: LockManager | undefined = navigator.locks;
  return manager ? webLocks(manager) : leases(clock, random);
}

export function webLocks(manager: LockManager): Locks {
  return {
    tryTake: (name) => held(manager, name, { ifAvailable: true }),
    async take(name, signal) {
      const release = await held(manager, name, { signal });
      if (!release) throw new Error(`The lock ${name} was not given`);
      return release;
    },
  };
}

/** The browser holds a lock for as long as a promise stands. */
function held(manager: LockManager, name: string, options: LockOptions) {
  return new Promise<(() => void) | null>((resolve, reject) => {
    manager
      .request(name, options, (lock) =>
        lock ? new Promise<void>((release) => resolve(() => release())) : resolve(null),
      )
      .catch(reject);
  });
}

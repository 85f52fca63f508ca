import { describe, expect, test, vi } from 'vitest';
import { leases } from '../../src/sdk/browser/lease';
import { browserLocks, webLocks } from '../../src/sdk/browser/locks';
import { browserRandom } from '../../src/sdk/browser/random';
import type { Locks } from '../../src/sdk/ports';
import { FakeClock } from '../sdk/fake/clock';

const never = new AbortController().signal;
let names = 0;

/** What the SDK relies on, of whichever locks. `pass` lets time go by, where they need it. */
function locksKeepTheirContract(make: () => Locks, pass: () => void): void {
  test('one has it, until it is given back', async () => {
    const name = `lock-${names++}`;
    const [mine, other] = [make(), make()];
    const release = await mine.tryTake(name);
    expect(release).not.toBeNull();
    expect(await other.tryTake(name)).toBeNull();
    expect(await mine.tryTake(name)).toBeNull();
    const elsewhere = await other.tryTake(`${name}-other`);
    expect(elsewhere).not.toBeNull();
    elsewhere?.();
    release?.();
    const taken = await vi.waitUntil(() => other.tryTake(name));
    taken?.();
  });

  test('who waits gets it when it is given back', async () => {
    const name = `lock-${names++}`;
    const release = await make().tryTake(name);
    let got = false;
    const waiting = make()
      .take(name, never)
      .then((mine) => {
        got = true;
        return mine;
      });
    expect(await make().tryTake(name)).toBeNull();
    expect(got).toBe(false);
    release?.();
    await vi.waitUntil(() => {
      pass();
      return got;
    });
    (await waiting)();
  });

  test('who has waited long enough goes away', async () => {
    const name = `lock-${names++}`;
    const release = await make().tryTake(name);
    const patience = new AbortController();
    const waiting = make().take(name, patience.signal);
    patience.abort();
    await expect(waiting).rejects.toThrow();
    await expect(make().take(name, patience.signal)).rejects.toThrow();
    release?.();
    const taken = await vi.waitUntil(() => make().tryTake(name));
    taken?.();
  });
}

describe('web locks', () => {
  locksKeepTheirContract(
    () => webLocks(navigator.locks),
    () => undefined,
  );

  test('are what a page over TLS uses', async () => {
    const release = await browserLocks(new FakeClock(), browserRandom).tryTake('lock-tls');
    const { held } = await navigator.locks.query();
    expect(held?.map(({ name }) => name)).toContain('lock-tls');
    release?.();
  });
});

describe('leases', () => {
  const clock = new FakeClock();
  locksKeepTheirContract(
    () => leases(clock, browserRandom),
    () => clock.advance(1_000),
  );

  test('a lease is renewed for as long as its holder lives', async () => {
    const renewing = new FakeClock();
    const release = await leases(renewing, browserRandom).tryTake('lease-renewed');
    for (let i = 0; i < 10; i++) {
      renewing.advance(5_000);
      const other = new FakeClock(renewing.now());
      // Stands in line behind the renewal, in the same table.
      expect(await leases(other, browserRandom).tryTake('lease-renewed')).toBeNull();
    }
    release?.();
  });

  test('one that isn’t renewed any more is free after 15 seconds', async () => {
    const dead = new FakeClock();
    await leases(dead, browserRandom).tryTake('lease-dead');
    const early = new FakeClock(dead.now() + 14_999);
    expect(await leases(early, browserRandom).tryTake('lease-dead')).toBeNull();
    const late = new FakeClock(dead.now() + 15_000);
    const release = await leases(late, browserRandom).tryTake('lease-dead');
    expect(release).not.toBeNull();
    release?.();
  });

  test('a late renewal doesn’t take it back from who has it now', async () => {
    const slow = new FakeClock();
    const mine = await leases(slow, browserRandom).tryTake('lease-slow');
    const others = new FakeClock(slow.now() + 20_000);
    const release = await leases(others, browserRandom).tryTake('lease-slow');
    expect(release).not.toBeNull();
    slow.advance(25_000);
    mine?.();
    const third = new FakeClock(others.now());
    expect(await leases(third, browserRandom).tryTake('lease-slow')).toBeNull();
    release?.();
  });

  test('a clock that was set back doesn’t leave it taken for ever', async () => {
    await leases(new FakeClock(1_000_000), browserRandom).tryTake('lease-future');
    const release = await leases(new FakeClock(0), browserRandom).tryTake('lease-future');
    expect(release).not.toBeNull();
    release?.();
  });

  test('without IndexedDB a tab locks for itself', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const locks = leases(new FakeClock(), browserRandom);
    const release = await locks.tryTake('lease-local');
    expect(await locks.tryTake('lease-local')).toBeNull();
    release?.();
    expect(await locks.tryTake('lease-local')).not.toBeNull();
    vi.unstubAllGlobals();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialDelay } from '../../src/sdk/connection/backoff';
import { parting } from '../../src/sdk/connection/byes';
import {
  type Effect,
  type Happening,
  hasSocket,
  initial,
  type State,
  step,
} from '../../src/sdk/connection/machine';

const PING = 20_000;

/** Runs happenings at their times, and keeps what was wanted. */
class Run {
  state: State;
  now = 0;
  readonly effects: Effect['type'][] = [];

  constructor(online = true, visible = true) {
    this.state = initial(0, online, visible);
  }

  happen(happening: Happening, fraction = 0.5): this {
    const [state, effects] = step(this.state, happening, this.now, fraction);
    this.state = state;
    this.effects.push(...effects.map((effect) => effect.type));
    return this;
  }

  live(): this {
    return this.happen({ type: 'start' })
      .happen({ type: 'opened' })
      .happen({ type: 'welcomed', pingMillis: PING });
  }

  /** To when something is due, which is then said. */
  due(): this {
    this.now = this.state.due;
    return this.happen({ type: 'tick' });
  }

  take(): Effect['type'][] {
    return this.effects.splice(0);
  }
}

test('dials, greets, and is live when welcomed', () => {
  const run = new Run().live();
  expect(run.take()).toEqual(['dial', 'greet']);
  expect(run.state.phase).toBe('live');
});

test('comes back within 300 ms after a break, and ever slower while that fails', () => {
  const run = new Run().live();
  run.now = 60_000;
  run.happen({ type: 'closed' }, 0.999);
  expect(run.state.phase).toBe('waiting');
  expect(run.state.due - run.now).toBeLessThanOrEqual(300);
  let before = 0;
  for (let i = 0; i < 8; i++) {
    run.due();
    run.happen({ type: 'closed' }, 0.999);
    expect(run.state.due - run.now).toBeGreaterThanOrEqual(before);
    before = run.state.due - run.now;
  }
  expect(before).toBeGreaterThan(19_000);
  expect(before).toBeLessThanOrEqual(20_000);
});

test('a session that did not last is no success', () => {
  const run = new Run().live();
  for (let i = 0; i < 6; i++) {
    run.happen({ type: 'closed' }).due();
    run.happen({ type: 'opened' }).happen({ type: 'welcomed', pingMillis: PING });
  }
  run.happen({ type: 'closed' }, 0.999);
  expect(run.state.due - run.now).toBeGreaterThan(5_000);
});

test('hangs up after a silence of a ping and ten seconds, and not before', () => {
  const run = new Run().live();
  run.take();
  run.now = PING + 9_999;
  run.happen({ type: 'tick' });
  expect(run.take()).toEqual([]);
  run.now += 1;
  run.happen({ type: 'tick' });
  expect(run.take()).toEqual(['hangUp']);
});

test('a doubt is a ping with three seconds for an answer', () => {
  const run = new Run().live();
  run.take();
  run.now = 1_000;
  run.happen({ type: 'doubted' }).happen({ type: 'doubted' });
  expect(run.take(), 'one ping').toEqual(['ping']);
  run.due();
  expect(run.now).toBe(4_000);
  expect(run.take()).toEqual(['hangUp']);
  expect(run.state.phase).toBe('waiting');
});

test('any frame answers a doubt', () => {
  const run = new Run().live();
  run.happen({ type: 'doubted' }).take();
  run.now = 2_999;
  run.happen({ type: 'heard' });
  run.now = 3_000;
  run.happen({ type: 'tick' });
  expect(run.take()).toEqual([]);
});

test('a wake-up asks a live session, and dials at once from a wait', () => {
  expect(new Run().live().happen({ type: 'woke' }).take()).toContain('ping');
  const run = new Run().live().happen({ type: 'closed' });
  run.take();
  expect(run.happen({ type: 'woke' }).take()).toEqual(['dial']);
});

test('does not dial while nobody looks and there is no network', () => {
  const run = new Run().live();
  run.happen({ type: 'visibility', visible: false }).happen({ type: 'network', online: false });
  run.happen({ type: 'closed' });
  expect(run.state.due).toBe(Number.POSITIVE_INFINITY);
  run.take();
  expect(run.happen({ type: 'network', online: true }).take()).toEqual(['dial']);
});

test('a draining node is come back to at a random moment of the time given', () => {
  const run = new Run().live();
  run.take();
  run.happen({ type: 'parted', draining: true, retryAfterMillis: 3_000 }, 0.25);
  expect(run.take()).toEqual(['retire']);
  expect(run.state.due).toBe(750);
});

test('where every node that answers drains, it is come back to ever more slowly', () => {
  const run = new Run().live();
  for (let i = 0; i < 6; i++) {
    run.happen({ type: 'parted', draining: true, retryAfterMillis: 0 }).due();
    run.happen({ type: 'opened' }).happen({ type: 'welcomed', pingMillis: PING });
  }
  run.happen({ type: 'parted', draining: true, retryAfterMillis: 0 }, 0.999);
  expect(run.state.due - run.now).toBeGreaterThan(5_000);
});

test('a page that goes lets go of its socket, and dials when it comes back', () => {
  const run = new Run().live();
  run.take();
  expect(run.happen({ type: 'leaving' }).take()).toEqual(['hangUp']);
  expect(run.state.due).toBe(Number.POSITIVE_INFINITY);
  expect(run.happen({ type: 'woke' }).take()).toEqual(['dial']);
});

test.each([
  ['draining', true, { stop: null, draining: true }],
  ['slow_consumer', true, { stop: null, draining: false }],
  ['unauthenticated', false, { stop: null, draining: false }],
  ['revoked', false, { stop: 'revoked' }],
  ['other_user', false, { stop: 'other_user' }],
  ['of_a_later_server', true, { stop: null, draining: false }],
  ['of_a_later_server', false, { stop: 'client_too_old' }],
])('bye %s, reconnect %s', (code, reconnect, expected) => {
  expect(parting(code, reconnect)).toEqual(expected);
});

test('delays are spread over the whole of their range', () => {
  const delays = Array.from({ length: 1_000 }, (_, i) => dialDelay(5, i / 1_000));
  expect(Math.min(...delays)).toBe(0);
  expect(Math.max(...delays)).toBeGreaterThan(7_900);
});

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.constantFrom<Happening>(
    { type: 'start' },
    { type: 'opened' },
    { type: 'welcomed', pingMillis: PING },
    { type: 'heard' },
    { type: 'closed' },
    { type: 'woke' },
    { type: 'doubted' },
    { type: 'leaving' },
    { type: 'retry' },
    { type: 'tick' },
    { type: 'stop', reason: 'idle' },
  ),
  fc.record({ type: fc.constant('network' as const), online: fc.boolean() }),
  fc.record({ type: fc.constant('visibility' as const), visible: fc.boolean() }),
  fc.record({
    type: fc.constant('parted' as const),
    draining: fc.boolean(),
    retryAfterMillis: fc.nat(10_000),
  }),
);

describe('whatever happens in whatever order', () => {
  const lives = fc.array(
    fc.tuple(happenings, fc.nat(30_000), fc.double({ min: 0, max: 0.999, noNaN: true })),
    { maxLength: 60 },
  );

  test('there is one socket at most, and every wait has an end', () => {
    fc.assert(
      fc.property(lives, (life) => {
        let state = initial(0, true, true);
        let now = 0;
        let sockets = 0;
        for (const [happening, millis, fraction] of life) {
          now += millis;
          const [next, effects] = step(state, happening, now, fraction);
          if (happening.type === 'closed' && hasSocket(state)) sockets--;
          for (const effect of effects) {
            if (effect.type === 'dial') sockets++;
            if (effect.type === 'hangUp' || effect.type === 'retire') sockets--;
          }
          expect(sockets).toBe(hasSocket(next) ? 1 : 0);
          state = next;
          const mayRest =
            state.phase === 'stopped' ||
            (!state.visible && !state.online) ||
            state.phase === 'waiting';
          expect(mayRest || Number.isFinite(state.due)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('it is live in the end, once it may and the server answers', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const run = new Run();
        for (const [happening, millis, fraction] of life) {
          run.now += millis;
          run.happen(happening, fraction);
        }
        run.happen({ type: 'network', online: true });
        run.happen({ type: 'visibility', visible: true });
        run.happen({ type: 'start' });
        for (let i = 0; i < 5 && run.state.phase !== 'live'; i++) {
          if (run.state.phase === 'waiting') run.due();
          run.happen({ type: 'opened' }).happen({ type: 'welcomed', pingMillis: PING });
        }
        expect(run.state.phase).toBe('live');
      }),
      { numRuns: 2_000 },
    );
  });
});

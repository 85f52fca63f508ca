import { Chances } from './chances';
import type { Chat, Shown } from './chat';
import type { House } from './fixtures';
import { expect, test } from './fixtures';
import type { Person } from './people';

/**
 * Two people write to each other while the network between them and the server comes and goes and
 * the server is killed. In the end everybody has the same messages in the same order, each once.
 *
 *     PARLEY_CHAOS_MESSAGES=2000   so many in all, from two tabs of each person
 *     PARLEY_SEED=…                the faults of an earlier run
 */
const MESSAGES = Number(process.env.PARLEY_CHAOS_MESSAGES ?? 200);
const LONG = MESSAGES > 200;
/** So many from each tab, between one fault and the next. */
const A_ROUND = 10;
const SETTLED_WITHIN_MILLIS = 120_000;

/** One that writes: a tab of somebody's, and what it has written, in order. */
interface Writer {
  readonly name: string;
  readonly chat: Chat;
  readonly written: string[];
}

type Fault = 'reset' | 'cut' | 'hole' | 'long hole' | 'refuse' | 'slow' | 'kill';

/** Begins a fault; what it answers ends it. */
async function begin(fault: Fault, house: House, chances: Chances, tabs: readonly Chat[]) {
  const { proxy, server } = house;
  const allBroken = () => Promise.all(tabs.map((chat) => chat.broken()));
  switch (fault) {
    case 'reset':
      proxy.rst();
      return async () => {};
    case 'cut':
      proxy.cutAfterBytes(chances.between(1, 4000));
      return async () => {};
    case 'hole':
      // Over before anybody has noticed: what it held comes late.
      proxy.blackhole(true);
      return async () => proxy.blackhole(false);
    case 'long hole':
      proxy.blackhole(true);
      return async () => {
        await allBroken();
        // Such connections never come to life again.
        proxy.rst();
        proxy.blackhole(false);
      };
    case 'refuse':
      proxy.refuse(true);
      proxy.rst();
      return async () => {
        await allBroken();
        proxy.refuse(false);
      };
    case 'slow':
      proxy.latency(chances.between(50, 400));
      proxy.throttle(20_000);
      return async () => proxy.heal();
    case 'kill':
      await server.kill();
      return async () => house.restart();
  }
}

/** The faults of a run, a round each; at least two kills, wherever they fall. */
function faultsOf(rounds: number, chances: Chances): Fault[] {
  const kinds: Fault[] = ['reset', 'cut', 'hole', 'long hole', 'refuse', 'slow'];
  const faults = Array.from({ length: rounds }, (_, i) => kinds[i % kinds.length] as Fault);
  for (let i = faults.length - 1; i > 0; i -= 1) {
    const j = chances.between(0, i);
    [faults[i], faults[j]] = [faults[j] as Fault, faults[i] as Fault];
  }
  const kills = Math.max(2, Math.floor(rounds / 10));
  for (let i = 0; i < kills; i += 1) {
    // Spread out, so that no kill takes another's round.
    const width = rounds / kills;
    faults[Math.floor(i * width + chances.fraction() * width)] = 'kill';
  }
  return faults;
}

async function write(writer: Writer, count: number, written: () => Promise<void>): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const text = `${writer.name} says ${writer.written.length + 1}`;
    writer.written.push(text);
    await writer.chat.send(text);
    await written();
  }
}

const textsOf = (shown: readonly { text?: string }[]) => shown.map(({ text }) => text ?? '');

/** What a tab shows, once nothing of it waits any more and it shows as much as was written. */
async function settled(chat: Chat, count: number): Promise<Shown[]> {
  let shown: Shown[] = [];
  await expect
    .poll(
      async () => {
        shown = await chat.transcript();
        const waiting = shown.filter(({ seq, state }) => seq === null || state === 'failed');
        return { shown: shown.length, waiting };
      },
      { timeout: SETTLED_WITHIN_MILLIS, intervals: [500, 1000, 2000] },
    )
    .toEqual({ shown: count, waiting: [] });
  return shown;
}

test(`${MESSAGES} messages through a failing network, each once and in one order`, async ({
  house,
  town,
}) => {
  test.setTimeout(180_000 + MESSAGES * 1_000);
  const chances = new Chances();
  const { ada, bob, conversation } = await town.pair();

  const tabsOf = async (person: Person): Promise<Writer[]> => {
    const device = await town.device(person);
    const names = LONG ? ['one', 'two'] : ['one'];
    return Promise.all(
      names.map(async (tab) => ({
        name: `${person.displayName} ${tab}`,
        chat: await town.tab(device, conversation),
        written: [],
      })),
    );
  };
  const writers = [...(await tabsOf(ada)), ...(await tabsOf(bob))];
  const tabs = writers.map(({ chat }) => chat);
  await Promise.all(tabs.map((chat) => chat.live()));

  const rounds = Math.ceil(MESSAGES / writers.length / A_ROUND);
  const faults = faultsOf(rounds, chances);
  console.log(`Faults: ${faults.join(', ')}`);
  for (const fault of faults) {
    // The fault begins when so many were written in this round, wherever they are by then.
    const moment = chances.between(1, A_ROUND * writers.length - 1);
    let count = 0;
    let end = async () => {};
    const onWritten = async () => {
      count += 1;
      if (count === moment) end = await begin(fault, house, chances, tabs);
    };
    await Promise.all(writers.map((writer) => write(writer, A_ROUND, onWritten)));
    await end();
    // Now and then the next fault finds them still recovering from this one.
    if (chances.fraction() < 0.7) await Promise.all(tabs.map((chat) => chat.live(90_000)));
  }
  house.proxy.heal();

  const total = rounds * A_ROUND * writers.length;
  const views = await Promise.all(tabs.map((chat) => settled(chat, total)));
  const log = await ada.door.messages(conversation);

  expect(new Set(textsOf(log)).size).toBe(total);
  for (const view of views) {
    expect(textsOf(view)).toEqual(textsOf(log));
    expect(view.map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq));
  }
  for (const { name, written } of writers) {
    expect(textsOf(log).filter((text) => text.startsWith(`${name} says`))).toEqual(written);
  }
});

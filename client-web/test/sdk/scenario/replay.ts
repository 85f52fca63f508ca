import type { Json, Scenario, Step } from './scenario';

/** A line to a server. */
export interface Line {
  say(frame: object): void;
  /** The next frame, or null when none comes in a while. */
  next(): Promise<{ readonly t: string } | null>;
  /** All that has come, and comes soon. */
  rest(): Promise<readonly { readonly t: string }[]>;
  cut(): void;
}

/** A line of which one can hear ahead. */
class Ear {
  private ahead: { readonly t: string } | null = null;

  constructor(readonly line: Line) {}

  async peek(): Promise<void> {
    this.ahead = await this.line.next();
  }

  async next(): Promise<{ readonly t: string } | null> {
    const heard = this.ahead ?? (await this.line.next());
    this.ahead = null;
    return heard;
  }

  async rest(): Promise<readonly { readonly t: string }[]> {
    const ahead = this.ahead ? [this.ahead] : [];
    this.ahead = null;
    return [...ahead, ...(await this.line.rest())];
  }
}

/** Where a scenario is replayed: with two people, their conversation, and outboxes of theirs. */
export interface Stage {
  /** What the names stand for that a scenario begins with: `$ada`, `$c`, `$box`, and on. */
  readonly names: Readonly<Record<string, Json>>;
  /** A line that is open; `hello` isn't said yet. */
  open(username: 'ada' | 'bob'): Promise<Line>;
  server(what: 'crash' | 'list' | 'erase'): Promise<void>;
}

/** Replays a scenario; throws at the first thing that isn't as it says. */
export async function replay(scenario: Scenario, stage: Stage): Promise<void> {
  const names = new Map(Object.entries(stage.names));
  const lines = new Map<string, Ear>();
  for (const [i, step] of scenario.steps.entries()) {
    try {
      await play(step, stage, lines, names);
    } catch (fault) {
      throw new Error(`step ${i + 1}, ${JSON.stringify(step)}: ${(fault as Error).message}`);
    }
  }
}

async function play(
  step: Step,
  stage: Stage,
  lines: Map<string, Ear>,
  names: Map<string, Json>,
): Promise<void> {
  const lineOf = (name: string): Ear => {
    const line = lines.get(name);
    if (!line) throw new Error(`There is no line ${name}`);
    return line;
  };
  if ('open' in step) {
    const line = await stage.open(step.open.startsWith('ada') ? 'ada' : 'bob');
    const ear = new Ear(line);
    lines.set(step.open, ear);
    line.say(filled({ t: 'hello', id: 0, ...step.hello }, names) as object);
    // Nothing may be said before the welcome; or it is a goodbye.
    await ear.peek();
  } else if ('cut' in step) {
    lineOf(step.cut).line.cut();
  } else if ('server' in step) {
    await stage.server(step.server);
  } else if ('say' in step) {
    lineOf(step.as).line.say(filled(step.say, names) as object);
  } else if ('hear' in step) {
    await hear(lineOf(step.as), step.hear, names);
  } else {
    await silence(lineOf(step.as), step.silent);
  }
}

async function hear(
  line: Ear,
  wanted: { readonly t: string; readonly [k: string]: Json },
  names: Map<string, Json>,
): Promise<void> {
  for (;;) {
    const frame = await line.next();
    if (frame === null) throw new Error('nothing came');
    if (frame.t !== wanted.t) continue;
    const found = mismatch(frame as unknown as Json, wanted, names);
    if (found === null) return;
    throw new Error(`${found} in ${JSON.stringify(frame)}`);
  }
}

async function silence(line: Ear, types: readonly string[]): Promise<void> {
  for (const frame of await line.rest()) {
    if (types.includes(frame.t)) throw new Error(`heard ${JSON.stringify(frame)}`);
  }
}

function filled(value: Json, names: Map<string, Json>): Json {
  if (typeof value === 'string' && value.startsWith('$')) {
    const named = names.get(value);
    if (named === undefined) throw new Error(`${value} stands for nothing yet`);
    return named;
  }
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, names));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, names)]));
}

/** Where a frame isn't as wanted; null where it holds all of it. */
function mismatch(is: Json, wanted: Json, names: Map<string, Json>, at = ''): string | null {
  if (typeof wanted === 'string' && wanted.startsWith('$')) {
    const named = names.get(wanted);
    if (named === undefined) names.set(wanted, is);
    return named === undefined || named === is ? null : `${at} isn't ${String(named)}`;
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(is) || is.length !== wanted.length) return `${at} has another length`;
    return first(wanted, (item: Json, i) => mismatch(is[i] as Json, item, names, `${at}[${i}]`));
  }
  if (wanted === null || typeof wanted !== 'object') {
    return is === wanted ? null : `${at} isn't ${String(wanted)}`;
  }
  if (is === null || typeof is !== 'object') return `${at} is no object`;
  const held = is as { readonly [k: string]: Json };
  return first(Object.entries(wanted), ([key, item]) =>
    mismatch(held[key] ?? null, item, names, `${at}.${key}`),
  );
}

function first<T>(items: readonly T[], of: (item: T, i: number) => string | null): string | null {
  for (const [i, item] of items.entries()) {
    const found = of(item, i);
    if (found !== null) return found;
  }
  return null;
}

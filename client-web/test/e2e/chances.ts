/** Chances that come out the same for the same seed; a failing run prints its own. */
export class Chances {
  readonly seed: number;
  #state: number;

  constructor(seed = Number(process.env.PARLEY_SEED ?? Date.now() % 1_000_000)) {
    this.seed = seed;
    this.#state = seed >>> 0;
    console.log(`Seed ${seed}: PARLEY_SEED=${seed} makes the same choices again.`);
  }

  /** From 0 up to, but not, 1: Mulberry32, by Tommy Ettinger (public domain). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** From `low` up to and with `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** One of them. */
  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)] as T;
  }
}

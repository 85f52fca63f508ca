import type { Attention } from '../../platform/attention';

/** Enough of a message to have read it; of one higher than the screen, half a screen of it. */
const ENOUGH = 0.5;

/**
 * Tells how far a person has read: the highest message on screen while they look. Observes the
 * rows of the peer's messages, for as long as these are in the document.
 */
export class Seen {
  readonly #root: () => Element | null;
  readonly #attention: Attention;
  readonly #mark: (seq: number) => void;
  readonly #seqs = new Map<Element, number>();
  readonly #visible = new Set<Element>();
  #observer: IntersectionObserver | null = null;
  #unsubscribe: (() => void) | null = null;
  #marked = 0;

  constructor(root: () => Element | null, attention: Attention, mark: (seq: number) => void) {
    this.#root = root;
    this.#attention = attention;
    this.#mark = mark;
  }

  /** Observes a row; the answer ends it. */
  observe(row: Element, seq: number): () => void {
    this.#observer ??= this.#start();
    this.#seqs.set(row, seq);
    this.#observer.observe(row);
    return () => {
      this.#observer?.unobserve(row);
      this.#seqs.delete(row);
      this.#visible.delete(row);
      if (this.#seqs.size === 0) this.#stop();
    };
  }

  #start(): IntersectionObserver {
    this.#unsubscribe = this.#attention.subscribe(() => this.#check());
    return new IntersectionObserver((entries) => this.#onEntries(entries), {
      root: this.#root(),
      threshold: [0, 0.25, ENOUGH, 0.75, 1],
    });
  }

  #stop(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  #onEntries(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const screen = (rootBounds?.height ?? Number.POSITIVE_INFINITY) * ENOUGH;
      const enough = intersectionRatio >= ENOUGH || intersectionRect.height >= screen;
      if (enough) this.#visible.add(target);
      else this.#visible.delete(target);
    }
    this.#check();
  }

  #check(): void {
    if (!this.#attention.now()) return;
    let highest = this.#marked;
    for (const row of this.#visible) highest = Math.max(highest, this.#seqs.get(row) ?? 0);
    if (highest === this.#marked) return;
    this.#marked = highest;
    this.#mark(highest);
  }
}

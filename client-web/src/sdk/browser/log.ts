const MOST_LINES = 500;

/** The last lines, with their time: what a person can hand over when something went wrong. */
export class RingLog {
  private readonly kept: string[] = [];
  private next = 0;

  constructor(private readonly now: () => number) {}

  add(line: string): void {
    this.kept[this.next] = `${new Date(this.now()).toISOString()} ${line}`;
    this.next = (this.next + 1) % MOST_LINES;
  }

  /** Oldest first. */
  lines(): readonly string[] {
    return [...this.kept.slice(this.next), ...this.kept.slice(0, this.next)];
  }
}

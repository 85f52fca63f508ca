import type { Disk } from './disk';
import type { Clock } from './ports';
import type { Draft } from './state';

const KEEP_AFTER_MILLIS = 300;

/** What was begun and not sent: shown at once, kept a moment later, told to the other tabs. */
export class Drafts {
  private readonly drafts = new Map<string, Draft>();
  private readonly unkept = new Map<string, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly disk: Disk,
    kept: readonly (Draft & { conversation: string })[],
    private readonly tell: (conversation: string, draft: Draft | null) => void,
  ) {
    for (const { conversation, ...draft } of kept) this.drafts.set(conversation, draft);
  }

  get(conversation: string): Draft | null {
    return this.drafts.get(conversation) ?? null;
  }

  save(conversation: string, draft: Draft | null): void {
    this.hear(conversation, draft);
    this.unkept.get(conversation)?.();
    const cancel = this.clock.after(KEEP_AFTER_MILLIS, () => void this.keep(conversation));
    this.unkept.set(conversation, cancel);
  }

  /** In another life of the database the message that one is about may be another. */
  forgetPlaces(): void {
    for (const [conversation, { text, replyTo, edits, aside }] of [...this.drafts]) {
      if (replyTo === null && edits === null) continue;
      const all = aside?.text ? `${aside.text}\n\n${text}` : text;
      this.save(conversation, { text: all, replyTo: null, edits: null });
    }
  }

  /** Another tab has changed it, and keeps it. */
  hear(conversation: string, draft: Draft | null): void {
    if (draft === null) {
      this.drafts.delete(conversation);
    } else {
      this.drafts.set(conversation, draft);
    }
  }

  async close(): Promise<void> {
    for (const [conversation, cancel] of [...this.unkept]) {
      cancel();
      await this.keep(conversation);
    }
  }

  private async keep(conversation: string): Promise<void> {
    this.unkept.delete(conversation);
    const draft = this.get(conversation);
    await this.disk.putDraft(conversation, draft);
    this.tell(conversation, draft);
  }
}

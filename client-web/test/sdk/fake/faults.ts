import type { HttpRequest } from '../../../src/sdk/ports';
import type { ClientFrame, ClientSend, ErrorCode } from '../../../src/sdk/protocol/frames.gen';
import { type Answered, problem, RETRYABLE } from './problem';

/**
 * When a socket breaks over a frame: before the server heard it, after it was done but without an
 * answer, or right after the answer.
 */
export type Cut = 'before' | 'unanswered' | 'answered';

export type CallFault = 'before' | 'unanswered' | Answered;

export interface Refusal {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** It was done all the same: only for `unavailable`, which says that nobody knows. */
  readonly stored: boolean;
  /** The code, if it is a refusal for good, which spends the number. */
  readonly final: string | null;
}

interface Planned<T, F> {
  readonly what: T;
  readonly match: (frame: F) => boolean;
}

/** What is to go wrong next. */
export class Faults {
  private cuts: Planned<Cut, ClientFrame>[] = [];
  private refusals: Planned<Refusal, ClientSend>[] = [];
  private calls: Planned<CallFault, HttpRequest>[] = [];

  /** Breaks the socket over the next frame that matches; without a condition, over the next send. */
  cutNext(when: Cut, match: (frame: ClientFrame) => boolean = ({ t }) => t === 'send'): void {
    this.cuts.push({ what: when, match });
  }

  /** Refuses the next send that matches. */
  refuseNext(
    code: ErrorCode,
    how: { retryAfterMs?: number; stored?: boolean; match?: (frame: ClientSend) => boolean } = {},
  ): void {
    const retryable = RETRYABLE.has(code);
    const wait = how.retryAfterMs === undefined ? {} : { retryAfterMs: how.retryAfterMs };
    const stored = how.stored ?? false;
    const what = { code, retryable, stored, final: retryable ? null : code, ...wait };
    this.refusals.push({ what, match: how.match ?? (() => true) });
  }

  /**
   * Breaks the next call that matches: before the server heard it, or after it was done; or answers
   * it with a problem.
   */
  failNextCall(
    how: 'before' | 'unanswered' | ErrorCode,
    match: (request: HttpRequest) => boolean = () => true,
  ): void {
    const what = how === 'before' || how === 'unanswered' ? how : problem(how);
    this.calls.push({ what, match });
  }

  takeCall(request: HttpRequest): CallFault | null {
    return take(this.calls, request);
  }

  takeCut(frame: ClientFrame): Cut | null {
    return take(this.cuts, frame);
  }

  takeRefusal(frame: ClientSend): Refusal | null {
    return take(this.refusals, frame);
  }

  /** Nothing more goes wrong by plan. */
  clear(): void {
    this.cuts = [];
    this.refusals = [];
    this.calls = [];
  }
}

function take<T, F>(planned: Planned<T, F>[], frame: F): T | null {
  const i = planned.findIndex(({ match }) => match(frame));
  return i < 0 ? null : (planned.splice(i, 1)[0] as Planned<T, F>).what;
}

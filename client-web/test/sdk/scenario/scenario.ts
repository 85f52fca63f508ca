/**
 * A conversation between clients and a server, as data: so that the same can be replayed against
 * the fake server and against the real one.
 *
 * In frames, a string that begins with `$` is a name. What it first meets it stands for from then
 * on; so a frame that is heard can name what a later one says. `$ada` and `$bob` are the ids of the
 * two people, `$c` that of their conversation, `$box` and `$box2` outboxes of Ada's.
 */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [k: string]: Json };

export type Step =
  /** A line is opened; its name begins with whose it is: `ada`, `ada2`, `bob`. */
  | { readonly open: string; readonly hello?: { readonly [k: string]: Json } }
  /** The line breaks. */
  | { readonly cut: string }
  | { readonly as: string; readonly say: { readonly t: string; readonly [k: string]: Json } }
  /**
   * The next frame that this line hears, others of types not named here left aside, holds at least
   * these fields.
   */
  | { readonly as: string; readonly hear: { readonly t: string; readonly [k: string]: Json } }
  /** Nothing of these types comes any more. */
  | { readonly as: string; readonly silent: readonly string[] }
  /** The server crashes and comes back; or has had time to list, or to erase, what happened. */
  | { readonly server: 'crash' | 'list' | 'erase' };

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

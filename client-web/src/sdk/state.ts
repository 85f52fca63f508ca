/**
 * What a client shows: plain, immutable values, made anew where something changed and the same
 * object where nothing did, so that a view can compare by identity. Nothing here knows of React.
 */

/** Somebody, as everyone sees them. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
}

/** How far somebody has come among the peer's messages; 0 is not at all. */
export interface Marks {
  readonly delivered: number;
  readonly read: number;
}

/**
 * How it stands with the server.
 *
 * - `connecting`: on the way, for the first time or after a break; `since` tells since when, so
 *   that a view can keep quiet for the first two seconds.
 * - `live`: connected, and told of everything.
 * - `waiting`: the next try is at `retryAt`; `offline` when the browser says there is no network.
 * - `stopped`: it won't try again by itself; `reason` says why.
 */
export type Connection =
  | { readonly phase: 'connecting'; readonly since: number }
  | { readonly phase: 'live'; readonly since: number }
  | {
      readonly phase: 'waiting';
      readonly since: number;
      readonly retryAt: number;
      readonly offline: boolean;
    }
  | { readonly phase: 'stopped'; readonly since: number; readonly reason: StopReason };

/**
 * Why a client has stopped: nobody asked it to run, the sign-in ended (`signed_out`: what is stored
 * on the device is kept for the same person; `revoked`, here or on another device: it is wiped),
 * this browser now holds
 * somebody else's credentials (`other_user`), the person has too many sessions, the client is too old
 * for the server, or the browser took its tables away (`storage_lost`: another tab wiped them, or
 * nobody did, and what waits to be sent is still there).
 */
export type StopReason =
  | 'idle'
  | 'signed_out'
  | 'revoked'
  | 'other_user'
  | 'too_many_sessions'
  | 'client_too_old'
  | 'storage_lost';

/** Why an operation was not stored; `code` is one of the protocol's, or one of ours. */
export interface Failure {
  /**
   * The protocol's error code, or `expired`: it waited for a day, and is only sent when the person
   * says so again.
   */
  readonly code: string;
}

/** How it stands with a message of mine. Each is true: `stored` is said after the commit. */
export type MessageState = 'queued' | 'sending' | 'stored' | 'delivered' | 'read' | 'failed';

/** Somebody's emoji on a message. */
export interface Reaction {
  readonly emoji: string;
  /** Ids of those who put it there, one or two. */
  readonly by: readonly string[];
  readonly mine: boolean;
}

/** What a message answers to. `text` is null when it isn't held here, or was deleted. */
export interface Quote {
  readonly seq: number;
  readonly by: string | null;
  readonly text: string | null;
  readonly deleted: boolean;
}

/** An operation on a message that the server has refused, or that still waits. */
export interface Change {
  /** Names it to `retry` and `discard`. */
  readonly key: string;
  readonly kind: 'edit' | 'delete' | 'react';
  readonly failure: Failure | null;
}

/** One message, folded from its event and all later ones about it, and from what still waits. */
export interface MessageView {
  /** The same from the first paint on, also when the server has given it a place. */
  readonly key: string;
  /** Its place in the log; null until it is stored. */
  readonly seq: number | null;
  readonly by: string;
  readonly mine: boolean;
  /** Milliseconds since 1970: the server's word once it is stored, else when it was written. */
  readonly at: number;
  /** Empty when deleted. */
  readonly text: string;
  readonly replyTo: Quote | null;
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly reactions: readonly Reaction[];
  /** Null for the peer's. */
  readonly state: MessageState | null;
  /** Why it failed, if it did. */
  readonly failure: Failure | null;
  /** Edits, deletions and reactions of mine that aren't stored yet, oldest first. */
  readonly changes: readonly Change[];
}

/** The messages of an open conversation: a stretch without holes, ending at the newest. */
export interface TimelineView {
  /** In order; what waits stands at the end. */
  readonly messages: readonly MessageView[];
  /** Whether the first message shown is the first there is. */
  readonly complete: boolean;
  /** Older ones are being fetched. */
  readonly loadingOlder: boolean;
  /** What is stored on the device was read: an empty timeline is really empty, or still comes. */
  readonly loaded: boolean;
}

/** What somebody began to write and hasn't sent. */
export interface Draft {
  readonly text: string;
  readonly replyTo: number | null;
  /** The message being edited, if one is. */
  readonly edits: number | null;
  /** What was being written when the edit began; it comes back afterwards. */
  readonly aside?: Pick<Draft, 'text' | 'replyTo'> | undefined;
}

/** The newest message of a conversation, for its row in the list. */
export interface LastMessage {
  readonly seq: number | null;
  readonly by: string;
  readonly at: number;
  /** Null when it was deleted. */
  readonly preview: string | null;
  /** Null for the peer's. */
  readonly state: MessageState | null;
}

/** A conversation, as its row in the list and its header show it. */
export interface ConversationView {
  readonly id: string;
  readonly peer: Person;
  /** The highest sequence number known; 0 when nothing was said yet. */
  readonly head: number;
  readonly unread: number;
  /** Mine: what I have been delivered and have read of the peer's. */
  readonly mine: Marks;
  /** The peer's: how far they are with mine. */
  readonly theirs: Marks;
  readonly last: LastMessage | null;
  /** Until when the peer is shown as typing; 0 when not. Expires by itself: the state is updated. */
  readonly typingUntil: number;
  readonly draft: Draft | null;
  /** Operations of mine that wait, and those that failed and want a decision. */
  readonly waiting: number;
  readonly failed: number;
  /** Null unless it is open in this tab. */
  readonly timeline: TimelineView | null;
}

/** Whether somebody is there. Unknown while this client isn't connected. */
export interface Presence {
  readonly online: boolean;
  /** Milliseconds since 1970, to the minute; null when unknown, or online. */
  readonly lastSeen: number | null;
}

/** All of it. */
export interface ChatState {
  readonly me: Person;
  readonly connection: Connection;
  /** Ids, newest activity first. */
  readonly inbox: readonly string[];
  /** The stored inbox was read, or the server has told it: an empty list is really empty. */
  readonly inboxLoaded: boolean;
  /** There are older conversations: `loadMoreConversations` brings them. */
  readonly inboxMore: boolean;
  readonly conversations: Readonly<Record<string, ConversationView>>;
  /** By user id; only those who are watched, and only while `live`. */
  readonly presence: Readonly<Record<string, Presence>>;
  /** The server's limit of a message, in code points. */
  readonly textLimit: number;
  /** False when the browser keeps nothing (private mode, storage full): said to the person. */
  readonly durable: boolean;
}

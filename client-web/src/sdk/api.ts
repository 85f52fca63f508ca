import type { StoreApi } from 'zustand/vanilla';
import type { ChatState, Draft, Person } from './state';

/** A sign-in: one device's, until it is signed out. Times in milliseconds since 1970. */
export interface Device {
  readonly id: string;
  readonly device: string | null;
  readonly address: string | null;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly current: boolean;
}

/**
 * Something that the server refused or couldn't do. `code` is the protocol's error code, or
 * `offline` when no answer came at all; `field` names the input at fault where one is.
 */
export class ApiError extends Error {
  readonly code: string;
  readonly field: string | null;
  readonly retryAfterMs: number | null;

  constructor(code: string, field: string | null = null, retryAfterMs: number | null = null) {
    super(code);
    this.name = 'ApiError';
    this.code = code;
    this.field = field;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Signing up and in, and what concerns the account; by HTTP. All of it rejects with ApiError. */
export interface AccountApi {
  /** Makes the account, and signs in. */
  signUp(username: string, password: string, displayName: string | null): Promise<Person>;
  /** The cookie is set by the answer; no token is ever seen by a script. */
  signIn(username: string, password: string): Promise<Person>;
  signInByLink(link: string): Promise<Person>;
  /** Whose cookie this browser holds; null when nobody's. */
  whoAmI(): Promise<Person | null>;
  /** Ends this sign-in on the server; `client.signOut` wipes the device as well. */
  signOut(): Promise<void>;
  devices(): Promise<readonly Device[]>;
  signOutDevice(id: string): Promise<void>;
  rename(displayName: string): Promise<Person>;
  changePassword(current: string, password: string): Promise<void>;
}

/** One person's chat in one tab. Made by `createChatClient`. */
export interface ChatClient {
  /** What is to be shown. */
  readonly state: StoreApi<ChatState>;
  readonly account: AccountApi;

  /** Reads what is stored on the device, then connects and stays connected. */
  start(): Promise<void>;
  /** Lets go of the socket and of all locks; keeps what is stored. */
  stop(): Promise<void>;
  /** Signs out, wipes everything of this person's from the device, and tells the other tabs. */
  signOut(): Promise<void>;
  /** Connects now instead of waiting for the next try. */
  retryNow(): void;

  /** Makes `timeline` of the conversation, from what is stored and then from the server. */
  open(conversation: string): Promise<void>;
  /** Forgets its timeline; what is stored stays. */
  close(conversation: string): void;
  /** Brings an earlier page into the timeline; at once if one is under way. */
  loadOlder(conversation: string): Promise<void>;
  loadMoreConversations(): Promise<void>;

  /** Starts a conversation by username, or finds the one there is: its id. Needs the network. */
  startWith(username: string): Promise<string>;
  /** People whose names begin so; 2 characters or more. Needs the network. */
  findPeople(prefix: string): Promise<readonly Person[]>;

  /**
   * What is wrong with a text, or null: `empty`, `too_long`, or `invalid_text`. The rules are the
   * server's; `send` and `edit` reject with ApiError where this is not null.
   */
  textFault(text: string): 'empty' | 'too_long' | 'invalid_text' | null;
  /** Resolves once it is on the device's disk, with the message's key; it goes out by itself. */
  send(conversation: string, text: string, replyTo?: number | null): Promise<string>;
  edit(conversation: string, of: number, text: string): Promise<void>;
  remove(conversation: string, of: number): Promise<void>;
  react(conversation: string, of: number, emoji: string, on: boolean): Promise<void>;
  /** Sends something that failed again, as the newest. */
  retry(key: string): Promise<void>;
  /**
   * Forgets something that failed, or calls back something that waits: it is gone for certain,
   * unless the server had stored it before, and then it shows as stored.
   */
  discard(key: string): Promise<void>;

  /** The person has seen the peer's messages up to this one. */
  markRead(conversation: string, seq: number): void;
  /** The person is typing; call it with every key, it is throttled. */
  typing(conversation: string, on: boolean): void;
  /** Whose presence is wanted, at most 50; in place of those before. */
  watch(users: readonly string[]): void;
  /** Keeps a draft, debounced; null when there is none any more. */
  saveDraft(conversation: string, draft: Draft | null): void;
}

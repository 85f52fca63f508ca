import { accountApi } from './account';
import type { AccountApi, ChatClient } from './api';
import { Client } from './client';
import type { Ports } from './ports';
import type { Person } from './state';

export { type AccountApi, ApiError, type ChatClient, type Device } from './api';
export type { Ports } from './ports';
export type * from './state';

/** Before anybody has signed in: for signing up and in. */
export function createAccountApi(ports: Ports): AccountApi {
  return accountApi(ports.http, null, ports.device);
}

/** The chat of whoever has signed in; nothing happens before `start`. */
export function createChatClient(ports: Ports, me: Person): ChatClient {
  return new Client(ports, me);
}

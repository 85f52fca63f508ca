import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { ChatClient } from '../sdk/api';
import type { ChatState, ConversationView } from '../sdk/state';

const ClientContext = createContext<ChatClient | null>(null);

export function ClientProvider({ client, children }: { client: ChatClient; children: ReactNode }) {
  return <ClientContext value={client}>{children}</ClientContext>;
}

export function useClient(): ChatClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('no ClientProvider above');
  return client;
}

/** A part of the state. The SDK keeps what didn't change, so parts are compared by identity. */
export function useChat<T>(select: (state: ChatState) => T): T {
  return useStore(useClient().state, select);
}

export function useConversation(id: string): ConversationView | undefined {
  return useChat((state) => state.conversations[id]);
}

import { type RefObject, useEffect, useRef, useState } from 'react';
import { callFailure } from '../../lib/failures';
import { ApiError } from '../../sdk/api';
import type { Draft, MessageView } from '../../sdk/state';
import { useClient, useConversation } from '../client';

const EMPTY: Draft = { text: '', replyTo: null, edits: null };

export interface ComposerState {
  readonly conversation: string;
  readonly draft: Draft;
  /** What is wrong with what was sent, in words. */
  readonly error: string | null;
  readonly write: (text: string) => void;
  readonly reply: (message: MessageView) => void;
  readonly edit: (message: MessageView) => void;
  /** Edits the last message of mine; false if there is none. */
  readonly editLast: () => boolean;
  /** Leaves the reply or the edit; false if there was neither. */
  readonly cancel: () => boolean;
  readonly send: () => void;
}

/** What is being written, and to what end. It is kept as a draft with every key. */
export function useComposer(
  id: string,
  field: RefObject<HTMLTextAreaElement | null>,
  onSent: () => void,
): ComposerState {
  const client = useClient();
  const kept = useConversation(id)?.draft ?? null;
  const [draft, setDraft] = useState(kept ?? EMPTY);
  const [error, setError] = useState<string | null>(null);
  const touched = useRef(false);

  // The stored draft is read after the first paint, and another tab may go on writing it: it is
  // taken over unless somebody has written here, or is about to.
  useEffect(() => {
    if (!touched.current || !document.hasFocus()) setDraft(kept ?? EMPTY);
  }, [kept]);

  const change = (next: Draft) => {
    touched.current = true;
    setDraft(next);
    setError(null);
    client.saveDraft(id, isEmpty(next) ? null : next);
  };
  const focus = () => field.current?.focus();

  const edit = (message: MessageView) => {
    if (message.seq === null) return;
    change({ text: message.text, replyTo: null, edits: message.seq, aside: besides(draft) });
    focus();
  };

  const fail = (sent: Draft, left: Draft, reason: unknown) => {
    // Back into the field, unless something else is being written there by now.
    setDraft((now) => (now.text === left.text && now.edits === left.edits ? sent : now));
    setError(reason instanceof ApiError ? callFailure(reason) : callFailure(null));
  };

  const send = () => {
    const text = tidy(draft.text);
    const fault = client.textFault(text);
    if (fault === 'empty') return;
    if (fault !== null) return setError(callFailure(new ApiError(fault)));
    if (draft.edits !== null) {
      const left = afterEdit(draft);
      change(left);
      client.edit(id, draft.edits, text).catch((reason) => fail({ ...draft, text }, left, reason));
    } else {
      client.typing(id, false);
      client.send(id, text, draft.replyTo).catch((reason) => fail(draft, EMPTY, reason));
      change(EMPTY);
      onSent();
    }
    focus();
  };

  return {
    conversation: id,
    draft,
    error,
    write(text) {
      change({ ...draft, text });
      if (draft.edits === null) client.typing(id, text !== '');
    },
    reply(message) {
      if (message.seq === null) return;
      change({ text: besides(draft)?.text ?? '', replyTo: message.seq, edits: null });
      focus();
    },
    edit,
    editLast() {
      const messages = client.state.getState().conversations[id]?.timeline?.messages ?? [];
      const last = messages.findLast((m) => m.mine && m.seq !== null && !m.deleted);
      if (last === undefined) return false;
      edit(last);
      return true;
    },
    cancel() {
      if (draft.edits !== null) change(afterEdit(draft));
      else if (draft.replyTo !== null) change({ ...draft, replyTo: null });
      else return false;
      focus();
      return true;
    },
    send,
  };
}

function isEmpty({ text, replyTo, edits }: Draft): boolean {
  return text === '' && replyTo === null && edits === null;
}

/** What is being written beside an edit, or without one. */
function besides(draft: Draft): Draft['aside'] {
  if (draft.edits !== null) return draft.aside;
  return isEmpty(draft) ? undefined : { text: draft.text, replyTo: draft.replyTo };
}

function afterEdit({ aside }: Draft): Draft {
  return aside === undefined ? EMPTY : { ...aside, edits: null };
}

/** Without empty lines around it, and without blanks at its end; what is within is the writer's. */
function tidy(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}

import type { MessageView } from '../sdk/state';
import { operationFailure } from './failures';
import { strings } from './strings';

/** Who is meant by an id, in a conversation of two. */
export interface Names {
  readonly me: string;
  readonly peerName: string;
}

export function nameOf(id: string | null, names: Names): string {
  return id === names.me ? strings.message.you : names.peerName;
}

/** All of a message in one sentence, as it is heard when the focus comes to it. */
export function messageLabel(message: MessageView, names: Names, time: string): string {
  const words = strings.message;
  const parts = [`${nameOf(message.by, names)}, ${time}: ${textOf(message)}`];
  if (message.replyTo !== null) {
    parts.push(words.replyTo(nameOf(message.replyTo.by, names)));
  }
  if (message.edited) parts.push(words.edited);
  for (const { emoji, by } of message.reactions) {
    parts.push(words.reaction(emoji, by.map((id) => nameOf(id, names)).join(', ')));
  }
  if (message.failure !== null) parts.push(words.notSent(operationFailure(message.failure.code)));
  else if (message.state !== null) parts.push(words.states[message.state]);
  return parts.join('. ');
}

function textOf(message: MessageView): string {
  return message.deleted ? strings.message.deleted : message.text;
}

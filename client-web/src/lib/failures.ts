import { ApiError } from '../sdk/api';

/** Why an operation on a message was refused, to stand behind "Not sent: ". */
export function operationFailure(code: string): string {
  switch (code) {
    case 'too_long':
      return 'it is too long.';
    case 'invalid_text':
      return 'it has characters that can’t be sent.';
    case 'blocked':
      return 'you can’t write to this person.';
    case 'awaiting_acceptance':
      return 'this person hasn’t accepted your chat yet.';
    case 'forbidden':
      return 'only its author may do that.';
    case 'gone':
      return 'the message was deleted.';
    case 'not_found':
      return 'this chat doesn’t exist any more.';
    case 'expired':
      return 'it waited for more than a day. Send it still?';
    case 'invalid':
      return 'the server refused it.';
    case 'unsupported':
      return 'this server doesn’t know how.';
    default:
      return 'something went wrong.';
  }
}

/** Why an account or a search call failed, as a sentence. */
export function callFailure(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong. Try again.';
  switch (error.code) {
    case 'offline':
      return 'The server can’t be reached. Check your network and try again.';
    case 'unauthenticated':
      return 'That username and password don’t match.';
    case 'taken':
      return 'Somebody has this username already.';
    case 'rate_limited':
      return `Too many tries. Wait ${wait(error.retryAfterMs)} and try again.`;
    case 'overloaded':
    case 'unavailable':
      return 'The server is busy. Try again in a moment.';
    case 'not_found':
      return 'There is nobody by that name.';
    case 'forbidden':
      return error.field === null ? 'This server doesn’t allow that.' : fieldFailure(error.field);
    case 'too_long':
      return 'That is too long.';
    case 'invalid':
    case 'invalid_text':
    case 'bad_frame':
      return fieldFailure(error.field);
    default:
      return 'Something went wrong. Try again.';
  }
}

/** What an input wants, where the server said that it is at fault. */
export function fieldFailure(field: string | null): string {
  switch (field) {
    case 'username':
      return '2 to 32 letters and digits, also with . _ - after the first.';
    case 'password':
      return '12 to 128 characters, and not one that is easy to guess.';
    case 'current':
      return 'That isn’t your current password.';
    case 'peer':
      return 'You can’t start a chat with yourself.';
    case 'displayName':
      return '1 to 64 characters that can be seen.';
    default:
      return 'That can’t be accepted.';
  }
}

function wait(millis: number | null): string {
  if (millis === null) return 'a moment';
  const seconds = Math.ceil(millis / 1000);
  if (seconds < 2) return 'a second';
  if (seconds < 90) return `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

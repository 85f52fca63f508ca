import type { Http, HttpRequest, HttpResponse } from '../ports';

const ANSWER_WITHIN_MILLIS = 20_000;

/** Calls to one place, with the cookies of this origin. */
export function fetchHttp(origin: string, answerWithinMillis = ANSWER_WITHIN_MILLIS): Http {
  return { call: (request) => call(origin, request, answerWithinMillis) };
}

async function call(origin: string, request: HttpRequest, millis: number): Promise<HttpResponse> {
  const { method, path, body, headers } = request;
  const response = await fetch(new URL(path, origin), {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    credentials: 'same-origin',
    cache: 'no-store',
    // It holds until the body is read to its end.
    signal: AbortSignal.timeout(millis),
  });
  return { status: response.status, body: parsed(await response.text()) };
}

/** A proxy on the way may answer with a page; that is no body of ours. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

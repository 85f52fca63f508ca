import type { HttpRequest } from '../../../src/sdk/ports';
import type {
  HttpPasswordChange,
  HttpProfile,
  HttpSend,
  HttpSignIn,
  HttpSignInEntry,
  HttpSignUp,
  HttpStart,
} from '../../../src/sdk/protocol/frames.gen';
import { schemas } from '../examples';
import type { Answer } from './conversation';
import type { SignIn } from './database';
import { type Answered, problem } from './problem';
import type { FakeServer } from './server';

const fault = schemas();
const NOTHING: Answered = { status: 204, body: null };

/** What the server says to a call. */
export function answer(server: FakeServer, request: HttpRequest, cookie: string | null): Answered {
  const url = new URL(request.path, 'http://server');
  const call = `${request.method} ${url.pathname}`;
  const wrong = wrongBody(call, request.body);
  if (wrong) {
    server.violations.push(`${call}: ${wrong}`);
    return problem('bad_frame');
  }
  switch (call) {
    case 'POST /v1/users':
      return signUp(server, request.body as HttpSignUp);
    case 'POST /v1/session':
      return signIn(server, request.body as HttpSignIn);
    case 'GET /v1/meta':
      return ok({ protocols: ['parley.v1'], minClient: null, now: server.clock.now() });
  }
  const by = server.database.signIn(cookie);
  if (!by) return problem('unauthenticated');
  const claimed = header(request, 'parley-user');
  if (claimed !== null && claimed !== by.user) return problem('other_user');
  return signedIn(server, by, call, url.searchParams, request.body);
}

function signedIn(
  server: FakeServer,
  by: SignIn,
  call: string,
  query: URLSearchParams,
  body: unknown,
): Answered {
  const { database } = server;
  const me = by.user;
  switch (call) {
    case 'GET /v1/session':
      return ok({ signIn: entry(by, by), user: database.person(me) });
    case 'DELETE /v1/session':
      server.revoke(me, by.id);
      return { ...NOTHING, cookie: null };
    case 'GET /v1/sessions':
      return ok({ signIns: database.signInsOf(me).map((signIn) => entry(signIn, by)) });
    case 'PATCH /v1/users/me':
      return ok({ user: database.change(me, (body as HttpProfile).displayName ?? null, null) });
    case 'PUT /v1/users/me/password':
      return changePassword(server, by, body as HttpPasswordChange);
    case 'GET /v1/users': {
      const prefix = query.get('q') ?? '';
      return prefix.length < 2
        ? problem('invalid', { field: 'q' })
        : ok({ users: database.find(prefix) });
    }
    case 'POST /v1/outboxes':
      return { status: 201, body: { outbox: database.mint(me) } };
    case 'GET /v1/conversations':
      return inbox(server, me, query);
    case 'POST /v1/conversations': {
      const started = database.start(me, (body as HttpStart).peer);
      return typeof started === 'string'
        ? problem(started)
        : ok({ conversation: database.summary(started, me) });
    }
  }
  const one = /^(GET|POST|DELETE) \/v1\/(conversations|sessions)\/([^/]+)(?:\/(\w+))?$/.exec(call);
  const [, method = '', place = '', id = '', what = ''] = one ?? [];
  switch (`${method} ${place} ${what}`.trim()) {
    case 'DELETE sessions':
      if (!database.signInsOf(me).some((signIn) => signIn.id === id)) return problem('not_found');
      server.revoke(me, id);
      return NOTHING;
    case 'GET conversations events':
      return events(server, me, id, query);
    case 'POST conversations operations':
      return operate(server, me, id, body as HttpSend);
  }
  return problem('not_found');
}

function signUp({ database }: FakeServer, wanted: HttpSignUp): Answered {
  const { username, password, displayName } = wanted;
  if (!/^[a-z][a-z0-9_]{1,30}$/.test(username)) return problem('invalid', { field: 'username' });
  const person = database.addAccount(username, password, displayName ?? null);
  return person ? { status: 201, body: { user: person } } : problem('taken', { field: 'username' });
}

function signIn({ database, clock }: FakeServer, wanted: HttpSignIn): Answered {
  const user = wanted.link
    ? database.spendLink(wanted.link)
    : database.account(wanted.username ?? '', wanted.password ?? '');
  if (!user) return problem('unauthenticated');
  const granted = database.addSignIn(user.id, wanted.device ?? null, clock.now());
  const body = { signIn: entry(granted, granted), user };
  return wanted.cookie
    ? { status: 201, body, cookie: granted.token }
    : { status: 201, body: { ...body, token: granted.token } };
}

function changePassword(server: FakeServer, by: SignIn, wanted: HttpPasswordChange): Answered {
  const { username } = server.database.person(by.user);
  if (!server.database.account(username, wanted.current)) {
    return problem('forbidden', { field: 'current' });
  }
  server.database.change(by.user, null, wanted.password);
  for (const { id } of server.database.signInsOf(by.user)) {
    if (id !== by.id) server.revoke(by.user, id);
  }
  return NOTHING;
}

function inbox(server: FakeServer, me: string, query: URLSearchParams): Answered {
  const skip = Number(query.get('cursor') ?? 0);
  const limit = Math.min(100, Number(query.get('limit') ?? 100));
  const page = server.database.inbox(me, 0, skip, limit);
  const cursor = page.next === null ? null : String(page.next);
  return ok({ conversations: page.conversations, cursor });
}

function events(server: FakeServer, me: string, id: string, query: URLSearchParams): Answered {
  const number = (name: string): number | null => {
    const value = query.get(name);
    return value === null ? null : Number(value);
  };
  const bounds = { before: number('before'), after: number('after'), limit: number('limit') };
  if (bounds.before !== null && bounds.after !== null) return problem('invalid');
  const page = server.page(me, id, bounds);
  return page ? ok(page) : problem('not_found');
}

function operate(server: FakeServer, me: string, conversation: string, sent: HttpSend): Answered {
  const { answer: said, tell } = server.perform(me, conversation, sent, null);
  tell();
  return outcome(said, { conversation, outbox: sent.outbox, n: sent.n });
}

function outcome(said: Answer, of: object): Answered {
  switch (said.type) {
    case 'accepted': {
      const { seq, at, duplicate } = said;
      return ok({ t: 'accepted', ...of, seq, at, duplicate });
    }
    case 'skipped':
      return ok({ t: 'skipped', ...of });
    case 'out_of_order':
      return problem('out_of_order', { expected: said.expected });
    case 'refused':
      return problem(said.code);
  }
}

function entry(signIn: SignIn, by: SignIn): HttpSignInEntry {
  const { id, device, createdAt } = signIn;
  const current = id === by.id;
  return { id, device, address: '192.0.2.1', createdAt, lastUsedAt: createdAt, current };
}

function ok(body: object): Answered {
  return { status: 200, body };
}

const BODIES: Readonly<Record<string, string>> = {
  'POST /v1/users': 'http/sign-up.json',
  'POST /v1/session': 'http/sign-in.json',
  'PATCH /v1/users/me': 'http/profile.json',
  'PUT /v1/users/me/password': 'http/password-change.json',
  'POST /v1/conversations': 'http/start.json',
};

function wrongBody(call: string, body: unknown): string | null {
  const schema = call.endsWith('/operations') ? 'http/send.json' : BODIES[call];
  return schema ? fault(schema, body ?? null) : null;
}

function header(request: HttpRequest, name: string): string | null {
  const found = Object.entries(request.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return found?.[1] ?? null;
}

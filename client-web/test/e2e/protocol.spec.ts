import { WebSocket } from 'ws';
import { type Line, replay, type Stage } from '../sdk/scenario/replay';
import { scenarios } from '../sdk/scenario/scenarios';
import { expect, type House, test } from './fixtures';

/**
 * What the SDK's tests believe of a server, asked of the real one: the same scenarios hold the fake
 * to docs/protocol.md.
 */
test.use({ rateLimits: false });

const HEARD_WITHIN_MILLIS = 5_000;
const LISTED_WITHIN_MILLIS = 10_000;
const ERASED_WITHIN_MILLIS = 20_000;
const PASSWORD = 'a password of some length';

interface Somebody {
  readonly id: string;
  readonly username: string;
  readonly token: string;
}

for (const scenario of scenarios) {
  test(scenario.name, async ({ house }) => {
    test.slow(scenario.steps.some((step) => 'server' in step));
    const sockets: WebSocket[] = [];
    try {
      await replay(scenario, await staged(house, sockets));
    } finally {
      for (const socket of sockets) socket.terminate();
    }
  });
}

let people = 0;

async function staged(house: House, sockets: WebSocket[]): Promise<Stage> {
  const [ada, bob] = [await signedUp(house), await signedUp(house)];
  const body = { peer: bob.username };
  const started = (await call(house, ada, 'POST', '/v1/conversations', body)) as {
    conversation: { id: string };
  };
  const conversation = started.conversation.id;
  return {
    names: {
      $ada: ada.id,
      $bob: bob.id,
      $bobname: bob.username,
      $c: conversation,
      $box: await minted(house, ada),
      $bobs: await minted(house, bob),
    },
    open: (username) => dial(house, username === 'ada' ? ada : bob, sockets),
    async server(what) {
      if (what === 'crash') {
        await house.server.kill();
        await house.restart();
      } else if (what === 'list') {
        await listed(house, ada);
      } else {
        await erased(house, ada, conversation);
      }
    },
  };
}

async function signedUp(house: House): Promise<Somebody> {
  people += 1;
  const username = `somebody_${process.pid}_${people}`;
  const credentials = { username, password: PASSWORD };
  await call(house, null, 'POST', '/v1/users', credentials);
  const signedIn = (await call(house, null, 'POST', '/v1/session', credentials)) as {
    token: string;
    user: { id: string };
  };
  return { id: signedIn.user.id, username, token: signedIn.token };
}

async function minted(house: House, by: Somebody): Promise<number> {
  return ((await call(house, by, 'POST', '/v1/outboxes')) as { outbox: number }).outbox;
}

async function listed(house: House, by: Somebody): Promise<void> {
  await expect(async () => {
    const inbox = (await call(house, by, 'GET', '/v1/conversations')) as {
      conversations: { head: number; asOf: number }[];
    };
    const [only] = inbox.conversations;
    expect(only?.asOf).toBe(only?.head ?? 'something');
  }).toPass({ timeout: LISTED_WITHIN_MILLIS });
}

async function erased(house: House, by: Somebody, conversation: string): Promise<void> {
  await expect(async () => {
    const page = await call(house, by, 'GET', `/v1/conversations/${conversation}/events`);
    expect(JSON.stringify(page)).not.toContain('"text"');
  }).toPass({ timeout: ERASED_WITHIN_MILLIS });
}

async function call(
  house: House,
  by: Somebody | null,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(house.server.url + path, {
    method,
    headers: {
      ...(by ? { authorization: `Bearer ${by.token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function dial(house: House, by: Somebody, sockets: WebSocket[]): Promise<Line> {
  const url = `${house.server.url.replace('http', 'ws')}/v1/socket`;
  const socket = new WebSocket(url, 'parley.v1');
  sockets.push(socket);
  const heard: { readonly t: string }[] = [];
  let wake = (): void => undefined;
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)) as { t: string });
    wake();
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));

  async function next(): Promise<{ readonly t: string } | null> {
    if (heard.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, HEARD_WITHIN_MILLIS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return heard.shift() ?? null;
  }
  return {
    next,
    say(frame) {
      const isHello = (frame as { t: string }).t === 'hello';
      socket.send(JSON.stringify(isHello ? { ...frame, token: by.token } : frame));
    },
    cut: () => socket.terminate(),
    async rest() {
      // What was said before is done when this is answered.
      socket.send('{"t":"ping","id":4711}');
      const came: { readonly t: string }[] = [];
      for (let frame = await next(); frame && frame.t !== 'pong'; frame = await next()) {
        came.push(frame);
      }
      return came;
    },
  };
}

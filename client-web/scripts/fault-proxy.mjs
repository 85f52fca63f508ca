/**
 * A network between browsers and a server that fails as it is told, at a moment that the test
 * knows. Every connection is two directions, each a queue:
 *
 *     client ──► [queue] ──► server
 *            ◄── [queue] ◄──
 *
 * What a black hole holds isn't lost: as with real TCP it goes on, in order, once the hole is
 * closed, and so do the ends of connections. Only `rst` and `cutAfterBytes` lose what is under way.
 */

import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';
// What a direction takes in beyond what it could pass on; then the sender has to wait.
const QUEUE_BYTES = 64 * 1024;
// How finely a throttled direction doles out: pieces a second.
const PIECES_PER_SECOND = 20;

/**
 * @typedef {{data?: Buffer, due: number, last?: 'end' | 'reset'}} Item what is under way: bytes,
 *   or the end of the connection in this direction
 */

/** Starts a proxy that passes everything on, until it is told otherwise. */
export async function startProxy({ port = 0, target }) {
  const proxy = new FaultProxy(target);
  await proxy.listen(port);
  return proxy;
}

class FaultProxy {
  #target;
  #server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  /** @type {Set<Link>} */
  #links = new Set();
  /** @type {Set<() => void>} */
  #waiting = new Set();
  #refusing = false;

  // Read by the links.
  holding = false;
  latencyMillis = 0;
  bytesPerSecond = 0;
  bytesLeft = Number.POSITIVE_INFINITY;

  constructor(target) {
    this.#target = target;
  }

  async listen(port) {
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, HOST, () => resolve(undefined));
    });
    /** On 127.0.0.1. */
    this.port = this.#server.address().port;
  }

  /** Connections that are open now. */
  get connections() {
    return this.#links.size;
  }

  /** Resets every connection, on both sides; what is under way is lost. New ones work. */
  rst() {
    for (const link of this.#links) link.reset();
  }

  /** Nothing passes, nothing is refused, nobody is told; until it is turned off. */
  blackhole(on) {
    this.holding = on;
    this.wake();
  }

  /** Everything takes so long, each way; what is under way keeps its time. */
  latency(millis) {
    this.latencyMillis = millis;
  }

  /** New connections are reset at once; those that are open stay. */
  refuse(on) {
    this.#refusing = on;
  }

  /** After so many more bytes, of both ways and all connections together, all are reset. */
  cutAfterBytes(count) {
    this.bytesLeft = count;
    this.wake();
  }

  /** So many bytes a second, for each way of each connection; 0 is no bound. */
  throttle(bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
    this.wake();
  }

  /** Where new connections go. */
  retarget(port) {
    this.#target = port;
  }

  /** No fault any more; what was held goes on. */
  heal() {
    this.holding = false;
    this.latencyMillis = 0;
    this.bytesPerSecond = 0;
    this.bytesLeft = Number.POSITIVE_INFINITY;
    this.#refusing = false;
    this.wake();
  }

  /** Resets what is open, and lets go of the port. */
  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.rst();
    await closed;
  }

  /** Waits for so long, or until a fault begins or ends, or some connection is gone. */
  pause(millis) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve(undefined);
      };
      const timer = millis === undefined ? undefined : setTimeout(done, millis);
      this.#waiting.add(done);
    });
  }

  wake() {
    for (const done of [...this.#waiting]) done();
  }

  #accept(client) {
    if (this.#refusing) {
      client.on('error', () => {});
      client.resetAndDestroy();
      return;
    }
    const server = connect({
      host: HOST,
      port: this.#target,
      allowHalfOpen: true,
      noDelay: true,
    });
    const link = new Link(this, client, server, () => this.#links.delete(link));
    this.#links.add(link);
  }
}

/** One connection of a client, and ours to the server on its behalf. */
class Link {
  #open = 2;
  gone = false;

  constructor(proxy, client, server, closed) {
    this.proxy = proxy;
    this.sockets = [client, server];
    for (const socket of this.sockets) {
      // Always followed by `close`, which tells the same.
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#open -= 1;
        if (this.#open > 0) return;
        this.gone = true;
        closed();
        proxy.wake();
      });
    }
    pass(this, client, server);
    pass(this, server, client);
  }

  reset() {
    this.gone = true;
    for (const socket of this.sockets) {
      // A socket that is still connecting can't be reset, and has nobody to tell.
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    }
    this.proxy.wake();
  }
}

/**
 * Passes one direction on.
 *
 * @param {Link} link
 */
function pass(link, from, to) {
  const { proxy } = link;
  /** @type {Item[]} */
  const queue = [];
  let bytes = 0;
  let ended = false;
  let running = false;

  const put = (item) => {
    queue.push({ ...item, due: performance.now() + proxy.latencyMillis });
    if (!running) void run();
  };
  from.on('data', (data) => {
    bytes += data.length;
    if (bytes > QUEUE_BYTES) from.pause();
    put({ data });
  });
  from.on('end', () => {
    ended = true;
    put({ last: 'end' });
  });
  from.on('close', () => {
    if (!ended) put({ last: 'reset' });
  });

  async function run() {
    running = true;
    while (queue.length > 0 && !link.gone) {
      const item = queue[0];
      await delayed(item);
      if (link.gone) break;
      if (item.data) {
        const piece = take(item);
        await write(piece);
        if (proxy.bytesLeft <= 0) {
          proxy.bytesLeft = Number.POSITIVE_INFINITY;
          proxy.rst();
        } else if (proxy.bytesPerSecond > 0) {
          await proxy.pause((piece.length / proxy.bytesPerSecond) * 1000);
        }
      } else {
        queue.shift();
        if (item.last === 'end') to.end();
        else link.reset();
      }
    }
    running = false;
  }

  /** Waits until it may pass. */
  async function delayed(item) {
    for (;;) {
      const early = item.due - performance.now();
      if (link.gone || (!proxy.holding && early <= 0)) return;
      await proxy.pause(proxy.holding ? undefined : early);
    }
  }

  /** Takes from the first item as much as may pass at once. */
  function take(item) {
    const atOnce =
      proxy.bytesPerSecond > 0
        ? Math.max(1, Math.floor(proxy.bytesPerSecond / PIECES_PER_SECOND))
        : item.data.length;
    const count = Math.min(atOnce, item.data.length, proxy.bytesLeft);
    const piece = item.data.subarray(0, count);
    item.data = item.data.subarray(count);
    if (item.data.length === 0) queue.shift();
    proxy.bytesLeft -= count;
    bytes -= count;
    if (bytes <= QUEUE_BYTES && from.isPaused()) from.resume();
    return piece;
  }

  /** Resolves when the kernel has it, or it can't be had any more: then `close` tells. */
  function write(piece) {
    return new Promise((resolve) => {
      if (to.destroyed || to.writableEnded) resolve(undefined);
      else to.write(piece, () => resolve(undefined));
    });
  }
}

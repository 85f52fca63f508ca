import type { Socket, SocketEvents, Sockets } from '../ports';

const SUBPROTOCOL = 'parley.v1';

/**
 * WebSockets to one place.
 *
 * @param origin `http:` or `https:`, as of a page
 */
export function webSockets(origin: string): Sockets {
  const url = new URL('/v1/socket', origin);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  return { dial: (events) => dial(url, events) };
}

function dial(url: URL, events: SocketEvents): Socket {
  let isOver = false;
  const socket = construct(url);
  if (!socket) {
    queueMicrotask(() => over(events.closed));
    return { send: () => undefined, close: () => over() };
  }
  /** Closes it for the SDK, whatever the browser has still in its queue. */
  function over(told?: () => void): void {
    if (isOver) return;
    isOver = true;
    told?.();
  }
  socket.addEventListener('open', () => {
    if (!isOver) events.opened();
  });
  socket.addEventListener('message', ({ data }) => {
    if (!isOver && typeof data === 'string') events.message(data);
  });
  // `error` says nothing that `close` doesn't, which always follows.
  socket.addEventListener('close', () => over(events.closed));
  return {
    send(text) {
      if (!isOver && socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      // Over a dead line, `close` would be told minutes later. Whoever closes knows already.
      over();
      socket.close();
    },
  };
}

/** Null where the page's policy forbids it: no different from a line that breaks. */
function construct(url: URL): WebSocket | null {
  try {
    return new WebSocket(url, SUBPROTOCOL);
  } catch {
    return null;
  }
}

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { WebSocketServer } from 'ws';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a server stands that answers as the tests ask it to. */
    readonly server: string;
  }
}

/** A server for the tests of the browser's ports, which has nothing of Parley's but the path. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const http = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-headers', 'content-type, parley-user');
    response.setHeader('access-control-allow-methods', '*');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () =>
      answer(
        request.url ?? '',
        { method: request.method, headers: request.headers, body },
        response,
      ),
    );
  });

  const sockets = new WebSocketServer({ server: http, path: '/v1/socket' });
  sockets.on('connection', (socket) => {
    socket.send(JSON.stringify({ subprotocol: socket.protocol }));
    socket.on('message', (data) => {
      const text = String(data);
      if (text === 'close') socket.close();
      else if (text === 'cut') socket.terminate();
      else if (text === 'binary') socket.send(new Uint8Array([1, 2]));
      else if (text === 'twice, then close') {
        socket.send('once');
        socket.send('twice');
        socket.close();
      } else socket.send(text);
    });
  });

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  project.provide('server', `http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  return async () => {
    for (const socket of sockets.clients) socket.terminate();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
}

function answer(path: string, echo: object, response: ServerResponse): void {
  switch (path) {
    case '/echo':
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(echo));
      break;
    case '/empty':
      response.writeHead(204).end();
      break;
    case '/page':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      break;
    case '/problem':
      response
        .writeHead(422, { 'content-type': 'application/problem+json' })
        .end('{"code":"invalid"}');
      break;
    case '/half':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"a":');
      setImmediate(() => response.destroy());
      break;
    default:
    // Never.
  }
}

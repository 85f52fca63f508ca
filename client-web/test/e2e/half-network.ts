import type { BrowserContext, WebSocketRoute } from '@playwright/test';

/**
 * Lets pages be fetched while everything that they then ask of the server fails: what the proxy
 * can't do, to which both are bytes. For pages that are opened later.
 */
export async function halfNetwork(device: BrowserContext): Promise<{ cut(): void; mend(): void }> {
  let isCut = false;
  const open = new Set<WebSocketRoute>();
  await device.route('**/v1/**', (route) => (isCut ? route.abort() : route.continue()));
  await device.routeWebSocket('**/v1/socket', (socket) => {
    if (isCut) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    open.add(socket);
  });
  return {
    cut() {
      isCut = true;
      for (const socket of open) void socket.close();
      open.clear();
    },
    mend() {
      isCut = false;
    },
  };
}

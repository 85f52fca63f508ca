import type { Page, WebSocketRoute } from '@playwright/test';

/**
 * Lets a page be fetched while everything that the page then asks of the server fails: what the
 * proxy can't do, to which both are bytes.
 */
export async function withoutServer(page: Page): Promise<{ cut(): void; mend(): void }> {
  let isCut = false;
  const open = new Set<WebSocketRoute>();
  await page.route('**/v1/**', (route) => (isCut ? route.abort() : route.continue()));
  await page.routeWebSocket('**/v1/socket', (socket) => {
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

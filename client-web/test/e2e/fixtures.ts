import { test as base, expect } from '@playwright/test';
import { type FaultProxy, startProxy } from '../../scripts/fault-proxy.mjs';
import { Town } from './people';
import { ChatServer } from './server';

/** A server, and the network in front of it; a worker's tests share one. */
export interface House {
  readonly server: ChatServer;
  readonly proxy: FaultProxy;
  /** Where browsers find it: at the proxy. */
  readonly origin: string;
  /** Starts the server again, and leads the proxy to it. */
  restart(): Promise<void>;
}

interface WorkerFixtures {
  /** As an operator has them; off where a test prepares much. */
  rateLimits: boolean;
  house: House;
}

interface TestFixtures {
  town: Town;
  /** Mends what the test broke, and says what the server said when it failed. */
  afterwards: undefined;
}

const START_MILLIS = 150_000;
const LOG_LINES = 60;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  rateLimits: [true, { scope: 'worker', option: true }],

  house: [
    async ({ rateLimits }, use) => {
      // The server is told the proxy's origin, and the proxy then where the server is.
      const proxy = await startProxy({ target: 0 });
      const origin = `http://127.0.0.1:${proxy.port}`;
      const server = await ChatServer.start({ origin, rateLimits });
      proxy.retarget(server.port);
      const restart = async () => {
        await server.restart();
        proxy.retarget(server.port);
      };
      await use({ server, proxy, origin, restart });
      await proxy.close();
      await server.discard();
    },
    { scope: 'worker', timeout: START_MILLIS },
  ],

  town: async ({ browser, house }, use) => {
    const town = new Town(browser, house);
    await use(town);
    await town.leave();
    // Not `error`: a browser reports each request that failed, and these networks fail.
    expect(town.complaints.filter(({ kind }) => kind !== 'error')).toEqual([]);
  },

  afterwards: [
    async ({ house }, use, testInfo) => {
      const from = house.server.logBytes;
      await use(undefined);
      if (testInfo.status !== testInfo.expectedStatus) {
        const said = house.server.logSince(from);
        await testInfo.attach('server.log', { body: said, contentType: 'text/x-log' });
        console.log(`The server said:\n${said.split('\n').slice(-LOG_LINES).join('\n')}`);
      }
      house.proxy.heal();
      if (!house.server.running) await house.restart();
    },
    { auto: true, timeout: START_MILLIS },
  ],
});

export { expect };

import { version } from '../../../package.json';
import type { Ports } from '../ports';
import { indexedStorage } from '../storage/indexed';
import { browserChannels } from './channels';
import { browserClock, wallClock } from './clock';
import { deviceName } from './device';
import { fetchHttp } from './http';
import { browserLocks } from './locks';
import { RingLog } from './log';
import { browserRandom } from './random';
import { webSockets } from './sockets';
import { browserSurroundings } from './surroundings';

export interface BrowserPorts extends Ports {
  /** What was logged last, oldest first. */
  logLines(): readonly string[];
}

/** This page's world; the server is the one that the page came from. */
export function browserPorts(): BrowserPorts {
  const { origin } = window.location;
  const log = new RingLog(browserClock.now);
  return {
    clock: browserClock,
    random: browserRandom,
    sockets: webSockets(origin),
    http: fetchHttp(origin),
    storage: indexedStorage(browserClock),
    // A lease is for other tabs to read.
    locks: browserLocks(wallClock, browserRandom),
    channels: browserChannels,
    surroundings: browserSurroundings,
    client: `web/${version}`,
    device: deviceName(navigator.userAgent),
    log: (line) => log.add(line),
    logLines: () => log.lines(),
  };
}

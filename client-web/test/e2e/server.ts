import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('../../../', import.meta.url));
const READY_WITHIN_MILLIS = 120_000;
const STOPPED_WITHIN_MILLIS = 90_000;
const POLL_MILLIS = 25;

/** What a test wants otherwise than an operator would have it. */
export interface ServerOptions {
  /** Where browsers come from. */
  readonly origin: string;
  /** Rates and counts of sessions, as an operator has them; off to prepare much data quickly. */
  readonly rateLimits?: boolean;
  /** What stands behind `./parley`. */
  readonly words?: readonly string[];
}

/**
 * The real server in a process of its own, on data of its own that goes with it. It may be killed
 * and started again, each time on other ports: whoever talks to it goes by way of a proxy.
 */
export class ChatServer {
  #process: ChildProcess | null = null;
  #exited: Promise<unknown> = Promise.resolve();
  port = 0;
  #managementPort = 0;

  private constructor(
    private readonly folder: string,
    private readonly options: ServerOptions,
  ) {
    // Should the test's process end in disorder, nothing of ours may stay behind.
    process.once('exit', this.#endAtOnce);
  }

  /** A server that is ready. */
  static async start(options: ServerOptions): Promise<ChatServer> {
    if (!existsSync(join(home, 'target/parley.jar'))) {
      throw new Error('There is no target/parley.jar: run `./mvnw -Dchecks=off package` first.');
    }
    const folder = await mkdtemp(join(tmpdir(), 'parley-e2e-'));
    // PostgreSQL may run as another account, which has to get in.
    await chmod(folder, 0o755);
    const server = new ChatServer(folder, options);
    try {
      await server.restart();
    } catch (error) {
      await server.discard();
      throw error;
    }
    return server;
  }

  get running(): boolean {
    return this.#process !== null;
  }

  /** For programs; browsers go by way of the proxy. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where all that it says is written, over all its lives. */
  get logFile(): string {
    return join(this.folder, 'server.log');
  }

  /** How much of the log there is, to read on from. */
  get logBytes(): number {
    return existsSync(this.logFile) ? statSync(this.logFile).size : 0;
  }

  /** What was logged since. */
  logSince(bytes: number): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile).subarray(bytes).toString() : '';
  }

  /** Starts it, after a kill or a stop, and waits until it is ready. */
  async restart(): Promise<void> {
    if (this.#process) throw new Error('The server runs already.');
    this.port = await freePort();
    this.#managementPort = await freePort();
    const log = openSync(this.logFile, 'a');
    const words = this.options.words ?? [];
    const main = ['-cp', classPath(), 'io.parley.Main', ...words];
    const started = spawn(java(), OPTIONS_OF_JVM.concat(main), {
      cwd: home,
      // A group of its own, so that whatever it has started can be ended with it.
      detached: true,
      stdio: ['ignore', log, log],
      env: this.#environment(),
    });
    closeSync(log);
    this.#process = started;
    this.#exited = new Promise((resolve) => {
      started.once('error', resolve);
      started.once('exit', resolve);
    }).then(() => {
      this.#process = null;
    });
    await this.#ready();
  }

  /** Ends it as `kill -9` does. Its PostgreSQL lives on, and is taken over at the next start. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#exited;
  }

  /** Ends it as Ctrl-C does: it parts with everyone first. */
  async stop(): Promise<void> {
    this.#process?.kill('SIGTERM');
    const late = AbortSignal.timeout(STOPPED_WITHIN_MILLIS);
    while (this.#process) {
      if (late.aborted) throw new Error(`The server doesn't stop:\n${this.logSince(0)}`);
      await Promise.race([this.#exited, delay(POLL_MILLIS)]);
    }
  }

  /** Ends it at once, with its PostgreSQL, and throws its data away. */
  async discard(): Promise<void> {
    await this.kill();
    const postmaster = this.#postmaster();
    if (postmaster) {
      signal(postmaster, 'SIGQUIT');
      while (signal(postmaster, 0)) await delay(POLL_MILLIS);
    }
    process.off('exit', this.#endAtOnce);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  #environment(): NodeJS.ProcessEnv {
    // The caller's own settings, a database above all, are none of the test's.
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'));
    return {
      ...Object.fromEntries(inherited),
      PARLEY_BIND: '127.0.0.1',
      PARLEY_PORT: String(this.port),
      PARLEY_MANAGEMENT_PORT: String(this.#managementPort),
      PARLEY_DATA_DIR: join(this.folder, 'data'),
      PARLEY_ORIGINS: this.options.origin,
      PARLEY_RATE_LIMITS: this.options.rateLimits === false ? 'off' : 'on',
      // Everybody's attempts are counted by address: people.ts gives each person one.
      PARLEY_EDGE_TRUSTED_PROXIES: '127.0.0.1',
    };
  }

  async #ready(): Promise<void> {
    const late = AbortSignal.timeout(READY_WITHIN_MILLIS);
    const health = `http://127.0.0.1:${this.#managementPort}/health/ready`;
    for (;;) {
      if (!this.#process) throw new Error(`The server has ended:\n${this.logSince(0)}`);
      const answer = await fetch(health).catch(() => null);
      await answer?.arrayBuffer();
      if (answer?.ok) return;
      if (late.aborted) throw new Error(`The server doesn't get ready:\n${this.logSince(0)}`);
      await delay(POLL_MILLIS);
    }
  }

  /** The process id of PostgreSQL, while it runs. */
  #postmaster(): number | null {
    const file = join(this.folder, 'data/postgresql/cluster/postmaster.pid');
    const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN;
    return Number.isNaN(pid) ? null : pid;
  }

  /** An exit can't wait for anything. */
  #endAtOnce = (): void => {
    const pid = this.#process?.pid;
    if (pid) signal(-pid, 'SIGKILL');
    const postmaster = this.#postmaster();
    if (postmaster) signal(postmaster, 'SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  };
}

// As ./parley has them, but for a machine that runs browsers as well, and for lives of a minute.
const OPTIONS_OF_JVM = [
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dfile.encoding=UTF-8',
  '--add-opens=java.base/java.nio=ALL-UNNAMED',
  `-Dparley.home=${home}`,
];

function java(): string {
  return process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
}

function classPath(): string {
  return [join(home, 'target/parley.jar'), join(home, 'target/lib/*')].join(':');
}

/** False when there is no such process any more. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/**
 * A port that is free now, and below those that the system gives to outgoing connections: between
 * this look and the server's start, no browser is given it.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

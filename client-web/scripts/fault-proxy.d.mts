/** A proxy on 127.0.0.1 whose faults meet the connections that are open as well as new ones. */
export interface FaultProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Resets every connection, on both sides; what is under way is lost. New ones work. */
  rst(): void;
  /** Nothing passes, nothing is refused, nobody is told; until it is turned off. */
  blackhole(on: boolean): void;
  /** Everything takes so long, each way. */
  latency(millis: number): void;
  /** New connections are reset at once; those that are open stay. */
  refuse(on: boolean): void;
  /** After so many more bytes, of both ways and all connections together, all are reset. */
  cutAfterBytes(count: number): void;
  /** So many bytes a second, for each way of each connection; 0 is no bound. */
  throttle(bytesPerSecond: number): void;
  /** Where new connections go. */
  retarget(port: number): void;
  /** No fault any more; what was held goes on. */
  heal(): void;
  /** Resets what is open, and lets go of the port. */
  close(): Promise<void>;
}

export function startProxy(options: { port?: number; target: number }): Promise<FaultProxy>;

import { type ComponentType, useEffect, useEffectEvent, useState } from 'react';
import { strings } from '../lib/strings';
import { announce } from './primitives/LiveRegion';

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

// biome-ignore lint/suspicious/noExplicitAny: components of all kinds, each under its own loader
const loaded = new Map<Load<any>, ComponentType<any>>();

/** Fetches a component before it is wanted. What can't be fetched now is tried again then. */
export function fetchEarly<P>(load: Load<P>): void {
  load().then(
    (chunk) => loaded.set(load, chunk.default),
    () => {},
  );
}

/**
 * A component of a chunk of its own, once it is wanted and there; null until then. Unlike
 * React.lazy it can be without a network: then it says so, calls `giveUp`, and may be wanted again.
 */
export function useLater<P>(
  load: Load<P>,
  wanted: boolean,
  giveUp: () => void,
): ComponentType<P> | null {
  const [, setArrived] = useState(0);
  const component = loaded.get(load) ?? null;
  const missing = wanted && component === null;
  const failed = useEffectEvent(() => {
    announce(strings.connection.needed);
    giveUp();
  });
  useEffect(() => {
    if (!missing) return;
    let left = false;
    load().then(
      (chunk) => {
        loaded.set(load, chunk.default);
        if (!left) setArrived((count) => count + 1);
      },
      () => {
        if (!left) failed();
      },
    );
    return () => {
      left = true;
    };
  }, [load, missing]);
  return wanted ? component : null;
}

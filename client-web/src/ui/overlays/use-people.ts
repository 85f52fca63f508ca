import { useEffect, useState } from 'react';
import { callFailure } from '../../lib/failures';
import { strings } from '../../lib/strings';
import { ApiError } from '../../sdk/api';
import type { Person } from '../../sdk/state';
import { useClient } from '../client';

/** The server looks for nothing shorter. */
export const MIN_PREFIX = 2;
/** A search isn't begun with every key. */
const PAUSE_MILLIS = 200;

interface Found {
  readonly people: readonly Person[];
  /** What is to be said about the search; null when its result speaks for itself. */
  readonly words: string | null;
}

const NOTHING: Found = { people: [], words: null };

/** People whose usernames begin so. An answer that comes too late is for nobody. */
export function usePeople(query: string): Found {
  const client = useClient();
  const [found, setFound] = useState<Found>(NOTHING);
  useEffect(() => {
    if (query.length < MIN_PREFIX) return setFound(NOTHING);
    let late = false;
    setFound(({ people }) => ({ people, words: strings.find.searching }));
    const timer = setTimeout(() => {
      client.findPeople(query).then(
        (people) => {
          if (!late) setFound({ people, words: null });
        },
        (error) => {
          const offline = error instanceof ApiError && error.code === 'offline';
          const words = offline ? strings.find.offline : callFailure(error);
          if (!late) setFound({ people: [], words });
        },
      );
    }, PAUSE_MILLIS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [client, query]);
  return found;
}

import { useState } from 'react';
import { callFailure } from '../../lib/failures';
import { ApiError } from '../../sdk/api';

/** A call to the server: whether it is under way, and what was wrong, at which field if at one. */
export function useCall(fields: readonly string[] = []) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<{ field: string | null; words: string } | null>(null);

  return {
    busy,
    /** What is wrong with a field; without one, what is wrong with none in particular. */
    errorOf: (field: string | null = null) => (fault?.field === field ? fault.words : null),
    /** True when it went well. */
    async run(call: () => Promise<unknown>): Promise<boolean> {
      if (busy) return false;
      setBusy(true);
      setFault(null);
      try {
        await call();
        return true;
      } catch (error) {
        const field = error instanceof ApiError ? error.field : null;
        const known = field !== null && fields.includes(field);
        setFault({ field: known ? field : null, words: callFailure(error) });
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

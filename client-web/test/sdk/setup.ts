import fc from 'fast-check';

/** The same cases every time, so that a failure is nobody's bad luck; others with another seed. */
fc.configureGlobal({ seed: Number(process.env.PARLEY_SEED ?? 1) });

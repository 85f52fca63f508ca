import fc from 'fast-check';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Damages a value somewhere: takes something out, puts something else there, or adds to it. */
export function mutation(): fc.Arbitrary<(value: Json) => Json> {
  const junk = fc.oneof(
    fc.constantFrom<Json>(null, true, 0, -1, 1.5, 2 ** 53, '', 'message', [], {}),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  );
  return fc
    .tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), fc.constantFrom('take', 'put'), junk)
    .map(
      ([path, how, put]) =>
        (value) =>
          damage(structuredClone(value), path, how, put),
    );
}

function damage(value: Json, path: readonly number[], how: string, put: Json): Json {
  if (value === null || typeof value !== 'object') return put;
  const [step = 0, ...rest] = path;
  const names = Object.keys(value);
  const name = names[step % names.length] ?? 'extra';
  const holder = value as { [name: string]: Json };
  if (rest.length > 0 && typeof holder[name] === 'object' && holder[name] !== null) {
    holder[name] = damage(holder[name], rest, how, put);
  } else if (how === 'put') {
    holder[name] = put;
  } else if (Array.isArray(value)) {
    value.splice(step % (names.length || 1), 1);
  } else {
    delete holder[name];
  }
  return value;
}

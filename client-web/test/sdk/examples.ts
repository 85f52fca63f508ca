import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What stands in `protocol/` at the root: examples as they are on the wire, and schemas. */
const root = fileURLToPath(new URL('../../../protocol/', import.meta.url));

export interface Example {
  readonly name: string;
  readonly text: string;
}

export function examples(folder: 'server' | 'client' | 'event' | 'http'): readonly Example[] {
  return readdirSync(`${root}examples/${folder}`)
    .sort()
    .map((name) => ({
      name,
      text: readFileSync(`${root}examples/${folder}/${name}`, 'utf8').trim(),
    }));
}

/** Says by the schemas what is wrong with a value, or null. */
export function schemas(): (name: string, value: unknown) => string | null {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const file of readdirSync(`${root}schemas`, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.json')) continue;
    const path = file.split('\\').join('/');
    const schema = JSON.parse(readFileSync(`${root}schemas/${file}`, 'utf8')) as object;
    // Each names itself within its folder only, and they refer to each other across folders.
    ajv.addSchema({ ...schema, $id: `parley:/${path}` });
  }
  return (name, value) => {
    const validate = ajv.getSchema(`parley:/${name}`);
    if (!validate) throw new Error(`There is no schema ${name}`);
    return validate(value) ? null : ajv.errorsText(validate.errors);
  };
}

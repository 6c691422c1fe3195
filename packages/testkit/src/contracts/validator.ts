import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A file of what the contracts package publishes, as JSON. */
export const published = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../../contracts/${file}`, import.meta.url), 'utf8'));

/** A validator as a stranger would make it: JSON Schema 2020-12, formats checked, nothing of ours but the schemas. */
export function strangersValidator(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true, keywords: ['x-known-values'] });
  // The package is CommonJS with a `default` property, which Node and the compiler unwrap differently.
  (typeof addFormats === 'function' ? addFormats : (addFormats as { default: (to: Ajv2020) => void }).default)(ajv);
  return ajv;
}

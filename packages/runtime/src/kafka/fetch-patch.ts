import { createRequire } from 'node:module';
import { decodeFetch } from './fetch-response.ts';

type Made = { readonly response: { decode(bytes: Buffer): Promise<unknown> } };
type Definition = { protocol(version: { version: number }): (options: object) => Made };

/** That which brokers since 2.3 and kafkajs agree on. */
const VERSION = 11;
let patched = false;

/** Has kafkajs decode what a fetch brings by `decodeFetch`, where that can. Safe to call again. */
export function patchKafkajsFetch(): void {
  if (patched) return;
  patched = true;
  const fetch = createRequire(import.meta.url)('kafkajs/src/protocol/requests/fetch/index.js') as Definition;
  const { protocol } = fetch;
  fetch.protocol = ({ version }) => {
    const make = protocol({ version });
    if (version !== VERSION) return make;
    return (options) => {
      const made = make(options);
      const { response } = made;
      return { ...made, response: { ...response, decode: async (bytes) => decodeFetch(bytes) ?? response.decode(bytes) } };
    };
  };
}

// usage: node infra/entry.ts <service> | <keyturn command…>   What the image runs: services/<service>, or the command line.
import { existsSync } from 'node:fs';

const [what = ''] = process.argv.slice(2);
const service = new URL(`../services/${what}/src/main.ts`, import.meta.url);
const isService = /^[a-z]+$/.test(what) && existsSync(service);
await import(isService ? service.href : '../packages/cli/src/main.ts');

// usage: npm run reset [-- --yes]   Removes the embedded Kafka's and PostgreSQL's data (KEYTURN_EMBEDDED_DIR, .keyturn/ when not set).
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { isEmbeddedError, resetEmbedded } from '@keyturn/embedded';

const USAGE = 'usage: npm run reset [-- --yes]';

async function reset(): Promise<void> {
  const { yes } = parseArgs({ options: { yes: { type: 'boolean', short: 'y', default: false } } }).values;
  const dir = path.resolve(process.env.KEYTURN_EMBEDDED_DIR || path.join(import.meta.dirname, '..', '.keyturn'));
  if (!existsSync(dir)) return console.log(`Nothing to remove: ${dir} does not exist.`);
  if (!yes && !(await agrees(dir))) return;
  await resetEmbedded(dir, console.log);
  console.log(`Removed the embedded data in ${dir}. npm start makes it anew.`);
}

async function agrees(dir: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error(`This removes every webhook, contact and decision in ${dir}. Nobody is here to ask; to go ahead: npm run reset -- --yes`);
    process.exitCode = 1;
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Remove every webhook, contact and decision in ${dir}? [y/N] `);
  terminal.close();
  if (/^y(es)?$/i.test(answer.trim())) return true;
  console.log('Nothing was removed.');
  return false;
}

try {
  await reset();
} catch (error) {
  const misused = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  console.error(isEmbeddedError(error) ? error.message : misused ? `${error.message}\n${USAGE}` : error);
  process.exitCode = 1;
}

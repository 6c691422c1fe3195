import { appendFileSync, copyFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createLog, type Log } from '@keyturn/runtime';

/** Where this run of the tests collects what is logged, to search it for what must be in no log; undefined: nobody collects. */
const folder = process.env.KEYTURN_TEST_LOGS;
const own = (name: string): string => path.join(folder ?? '', `${name}-${process.pid}.log`);

/** A log of all there is to say, for whatever a test starts by itself: silent where nobody collects. */
export const testLog = (): Log =>
  folder === undefined
    ? createLog('test', { level: 'silent' })
    : createLog('test', { level: 'debug', to: { write: (line) => appendFileSync(own('test'), line) } });

/** The variables by which services of a test log to where the run collects, all there is to say; nothing where nobody collects. */
export const runLogEnv = (name: string): { LOG_LEVEL: string; LOG_FILE?: string } =>
  folder === undefined ? { LOG_LEVEL: 'silent' } : { LOG_LEVEL: 'debug', LOG_FILE: own(name) };

/** Takes one line that a process of a test wrote. */
export function keepLine(name: string, line: string): void {
  if (folder !== undefined) appendFileSync(own(name), `${line}\n`);
}

/** Keeps the log files in a folder that is about to be removed: what processes of their own wrote. */
export function keepLogs(from: string): void {
  if (folder === undefined) return;
  const prefix = path.basename(from);
  for (const name of readdirSync(from))
    if (/\.log(\.\w+)?$/.test(name))
      copyFileSync(path.join(from, name), path.join(folder, `${prefix}-${name.replace(/\.log\.(\w+)$/, '-$1.log')}`));
}

/** A secret that a run made up: it must be in no log either. */
export function keepFromLogs(secret: string): void {
  if (folder !== undefined) appendFileSync(path.join(folder, 'made-up-secrets'), `${secret}\n`);
}

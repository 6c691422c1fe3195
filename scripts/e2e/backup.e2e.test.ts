import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { type AllInOne, allInOne } from './all-in-one.ts';
import { bodyOf, text } from './payload.ts';
import { until } from './until.ts';

let keyturn: AllInOne;
let backups: string;
beforeAll(async () => {
  keyturn = await allInOne();
  backups = mkdtempSync(path.join(tmpdir(), 'keyturn-backup-'));
});
afterAll(async () => {
  await keyturn.kill();
  keyturn.remove();
  rmSync(backups, { recursive: true });
});

const [ADA, BEA] = ['4915209400001', '4915209400002'];
const says = async (waId: string, seconds: number, hash: string) => {
  expect(await keyturn.post(bodyOf([text({ waId }, seconds, hash)]))).toBe(200);
};
async function statusOf(waId: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: keyturn.run().databaseUrl, options: '-c search_path=keyturn' });
  await client.connect();
  const { rows } = await client
    .query<{ status: string }>('select status from identifier_period join identity_state using (contact_id) where identifier = $1', [
      `w:${waId}`,
    ])
    .finally(() => client.end());
  return rows[0]?.status;
}
const untilIs = (waId: string, status: string) => until(`${waId} is ${status}`, async () => (await statusOf(waId)) === status);

/** What docs/operate.md says, on the embedded directory of this test. */
const dir = () => keyturn.env.KEYTURN_EMBEDDED_DIR as string;
const backUp = (name: string) => execFileSync('tar', ['-C', dir(), '-cpf', path.join(backups, name), '.']);
function putBack(name: string, ...only: string[]): void {
  for (const part of only.length > 0 ? only : ['.']) execFileSync('rm', ['-rf', path.join(dir(), part === '.' ? '' : part)]);
  execFileSync('mkdir', ['-p', dir()]);
  execFileSync('chmod', ['711', dir()]);
  execFileSync('tar', ['-C', dir(), '-xpf', path.join(backups, name), ...only]);
}

it('a backup brings back all of it; PostgreSQL alone, put back to an earlier day, catches up with what was answered since', async () => {
  await keyturn.start();
  await says(ADA, 0, 'h1');
  await untilIs(ADA, 'clear');
  expect(await keyturn.interrupt()).toBe(0);
  backUp('monday.tar');
  await keyturn.start();
  await says(ADA, 60, 'h2');
  await says(BEA, 0, 'h1');
  await untilIs(ADA, 'blocked');
  await untilIs(BEA, 'clear');
  expect(await keyturn.interrupt()).toBe(0);
  putBack('monday.tar', './postgres');
  await keyturn.start();
  await untilIs(ADA, 'blocked');
  await untilIs(BEA, 'clear');
  expect(await keyturn.interrupt()).toBe(0);
  putBack('monday.tar');
  await keyturn.start();
  await untilIs(ADA, 'clear');
  expect(await statusOf(BEA)).toBeUndefined();
  await says(BEA, 0, 'h1');
  await untilIs(BEA, 'clear');
  expect(await keyturn.interrupt()).toBe(0);
});

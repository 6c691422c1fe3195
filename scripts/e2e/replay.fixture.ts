import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHmac, hash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { ContactJson } from '@keyturn/contracts';
import { compileCache } from '@keyturn/testkit';
import type { Line, Written } from './line.ts';

const root = path.join(import.meta.dirname, '../..');
/** How a command ended. */
export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Starts `keyturn replay` in a process of its own, on the line's Kafka and PostgreSQL; Ada asks. */
export const begin = (line: Line, ...args: readonly string[]): ChildProcessWithoutNullStreams => {
  const env = {
    PATH: process.env.PATH,
    ...compileCache(),
    USER: 'ada',
    KAFKA_BROKERS: line.kafka.brokers.join(','),
    KAFKA_PREFIX: line.kafka.prefix,
    DATABASE_URL: line.databaseUrl,
  };
  return spawn(process.execPath, ['packages/cli/src/main.ts', 'replay', ...args], { cwd: root, env });
};
/** Runs it to its end. */
export async function replayed(line: Line, ...args: readonly string[]): Promise<Ended> {
  const child = begin(line, ...args);
  child.stdin.end();
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, out: out.trimEnd(), err: err.trimEnd() };
}

/** Everything that PostgreSQL holds but how far consumers and replays are, what the sweep repeats and what is only to be looked at, row by row. */
export async function everything(line: Line): Promise<Record<string, string[]>> {
  const tables = await line.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'keyturn'
     and tablename not in ('consumer_offset', 'replay', 'replay_progress', 'relay_shard', 'state_sweep', 'verification_due', 'webhook_count') and tablename not like all (array['journal\\_%', 'open\\_change%', 'alert\\_%']) order by 1`,
  );
  const rows = tables.map(async ({ name }) => {
    const ours = name === 'outbox' ? `where not headers ? 'republished'` : '';
    const found = await line.query<{ row: string }>(`select t::text as row from keyturn.${name} t ${ours} order by 1`);
    return [name, found.map(({ row }) => row)] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

/** A body as the ingress keeps it, that came in at this instant. */
export const keptRecord = (body: string, receivedAt: string): Written => ({
  key: Buffer.from(webhookIdOf(body)),
  value: Buffer.from(body),
  headers: { 'received-at': receivedAt, signature: `sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}` },
});
/** What names a body. */
export const webhookIdOf = (body: string): string => hash('sha256', body, 'hex');

/** Whoever has this number now. */
export const find = async (line: Line, waId: string): Promise<ContactJson | undefined> =>
  (await line.api<{ items: ContactJson[] }>('POST', '/v1/contacts/search', { waId })).body.items[0];
/** The time on PostgreSQL's clock. */
export const now = async (line: Line): Promise<string> => (await line.query<{ at: Date }>('select now() as at'))[0]?.at.toISOString() ?? '';

type Told = { readonly id: string; readonly waId?: string; readonly bsuid?: string };
/** The events of a topic, each with the replay that published it; '': the ingress did. */
export const eventsOf = async (line: Line, topic: string): Promise<{ event: Told; by: string }[]> =>
  (await line.read(topic)).map(({ value, headers }) => ({
    event: JSON.parse(String(value)) as Told,
    by: String(headers?.['replay-id'] ?? ''),
  }));

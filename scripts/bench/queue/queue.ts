import type { IdentityChangeCountsJson } from '@keyturn/contracts';
import { median, type Result, ratios } from '../numbers.ts';
import type { Part } from '../part.ts';
import { dropDatabase, makeDatabase } from '../parts/databases.ts';
import { startProcess } from '../parts/process.ts';
import { loadOpenChanges, RARE_NUMBER } from './load-open-changes.ts';

const SIZES = [1_000, 100_000] as const;
const KEY = 'a-bootstrap-key-for-the-benchmark';
const REQUESTS = 40;

/** What the console asks for, and the least and the most of the open changes that it finds. */
const ASKED: Readonly<Record<string, string>> = {
  'first page': '',
  'signal: all of them': '&signal=hash',
  'number of ours: two thirds': '&phoneNumberId=100000000000001',
  'number of ours: one in a hundred': `&phoneNumberId=${RARE_NUMBER}`,
  'age: one day': '&olderThan=1d',
  'consent at stake: nearly all': '&stake=utility',
  'consent at stake: one in fifty': '&stake=marketing',
  'whose turn it is: all of them': '&awaits=operator',
  'number, consent and age at once': `&phoneNumberId=${RARE_NUMBER}&stake=utility&olderThan=1h`,
};

/** How long a page of the queue takes with 1,000 and with 100,000 open changes, through HTTP: each request beside its like of the other size. */
export const queue: Part = async ({ servers, quick, say }) => {
  const places = [];
  const sorted: number[] = [];
  for (const count of SIZES) {
    const made = await makeDatabase(servers, `bench_queue_${count}`, async (database) => {
      sorted.push(await loadOpenChanges(database, count));
    });
    const env = { DATABASE_URL: made.url, CONSOLE_PORT: '0', KEYTURN_ADMIN_API_KEY: KEY, MIGRATE_ON_START: 'false' };
    places.push({
      count,
      made,
      console: await startProcess({ name: 'console', main: 'services/console/src/main.ts', env, dir: servers.dir }),
    });
    say(`${count} open changes are there`);
  }
  const [few, many] = places as [(typeof places)[number], (typeof places)[number]];
  const results: Result[] = [];
  try {
    const asked = { ...ASKED, 'one storm': `&group=${(await countsOf(many.console.url, many.count)).groups[0]?.group}` };
    const paths = Object.entries(asked).map(([name, filter]) => [name, `/v1/identity-changes?limit=50${filter}`] as const);
    await countsOf(few.console.url, few.count);
    for (const [name, path] of [...paths, ['counts and storms', '/v1/identity-changes/counts'] as const]) {
      const [ofFew, ofMany]: [number[], number[]] = [[], []];
      for (let round = 0; round < (quick ? 2 : 7); round++) {
        ofFew.push(await took(few.console.url, path));
        ofMany.push(await took(many.console.url, path));
      }
      say(`${name}: ${median(ofFew).toFixed(1)} ms, ${median(ofMany).toFixed(1)} ms`);
      results.push({ name: `${name}, 100,000 : 1,000 open`, unit: '×', rounds: ratios(ofMany, ofFew), promised: { floor: 3, most: true } });
      results.push({ name: `${name}, of 100,000`, unit: 'ms', rounds: ofMany });
    }
  } finally {
    for (const { console: service, made } of places) {
      await service.stop();
      await dropDatabase(servers, made);
    }
  }
  return [
    ...results.toSorted((a, b) => (a.unit > b.unit ? -1 : 1)),
    { name: 'sorted into the queue', unit: 'changes/s', rounds: sorted.slice(1) },
  ];
};

async function ask<Answer>(url: string, path: string): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${KEY}` } });
  if (response.status !== 200) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** The middle of some requests, one after the other. */
async function took(url: string, path: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REQUESTS; i++) {
    const startedAt = performance.now();
    await ask(url, path);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

async function countsOf(url: string, count: number): Promise<IdentityChangeCountsJson> {
  const counts = await ask<IdentityChangeCountsJson>(url, '/v1/identity-changes/counts');
  const found = counts.byPhoneNumber.reduce((sum, one) => sum + one.count, 0);
  if (counts.open !== count || found !== count || counts.groups.length === 0)
    throw new Error(`of ${count} changes are counted: ${JSON.stringify(counts)}`);
  return counts;
}

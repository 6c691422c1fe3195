import { expect, it } from '@jest/globals';
import { contactEvents, inbound, type Topic } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import type { Ended, FromLogRun } from './run.ts';
import { together } from './together.ts';

const runOf = (partition: number, records: number, topic: Topic = inbound): FromLogRun => ({
  ...{ topic, partition, from: 0n, to: BigInt(records), caughtUpAt: new Date(0), attempt: 1 },
  records: Array<IncomingRecord>(records).fill({ offset: 0n, key: null, value: Buffer.alloc(0), headers: {}, timestamp: 0 }),
});
const touched = ({ partition }: FromLogRun): Ended[] => [{ kind: 'touched', contactId: String(partition) }];
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Groups as they were applied; each ends when it is let go. */
function watched(end: (run: FromLogRun) => PromiseSettledResult<Ended[]> = (run) => ({ status: 'fulfilled', value: touched(run) })) {
  const groups: number[][] = [];
  const letGo: (() => void)[] = [];
  const apply = together(async (runs) => {
    groups.push(runs.map(({ partition }) => partition));
    await new Promise<void>((resolve) => letGo.push(resolve));
    return runs.map(end);
  });
  return { groups, letGo, apply };
}

it('runs of one turn are applied together, up to the records of one transaction; each gets its own answer', async () => {
  const { groups, letGo, apply } = watched();
  const answers = [runOf(0, 200), runOf(1, 200), runOf(2, 200), runOf(3, 100)].map(apply);
  await turn();
  expect(groups).toEqual([[0, 1, 3], [2]]);
  for (const go of letGo) go();
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3].map((partition) => [{ kind: 'touched', contactId: String(partition) }]));
});

it.each([
  ['what the directory told', [runOf(0, 1), runOf(0, 1, contactEvents), runOf(1, 1), runOf(1, 1, contactEvents)], [[0, 1], [0], [1]]],
  ['what fills a transaction by itself', [runOf(0, 900), runOf(1, 1), runOf(2, 1)], [[0], [1, 2]]],
])('%s comes alone', async (_what, runs, expected) => {
  const { groups, letGo, apply } = watched();
  const answers = runs.map(apply);
  await turn();
  expect(groups).toEqual(expected);
  for (const go of letGo) go();
  await Promise.all(answers);
});

it('no more than six are under way; what waits for them goes out together', async () => {
  const { groups, letGo, apply } = watched();
  const answers = [0, 1, 2, 3, 4, 5, 6].map((partition) => apply(runOf(partition, 500)));
  await turn();
  answers.push(...[7, 8].map((partition) => apply(runOf(partition, 1))));
  await turn();
  expect(groups).toEqual([[0], [1], [2], [3], [4], [5]]);
  letGo[0]?.();
  await turn();
  letGo[1]?.();
  await turn();
  expect(groups.slice(6)).toEqual([[6], [7, 8]]);
  for (const go of letGo) go();
  await turn();
  await Promise.all(answers);
});

it('what fails for one fails for no other; what fails for the group fails for all of it, and the next goes on', async () => {
  const one = watched((run) =>
    run.partition === 1 ? { status: 'rejected', reason: new Error('mine') } : { status: 'fulfilled', value: touched(run) },
  );
  const answers = [0, 1].map((partition) => one.apply(runOf(partition, 1)));
  await turn();
  one.letGo[0]?.();
  expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  let times = 0;
  const apply = together(async (runs) => {
    times += 1;
    if (times === 1) throw new Error('all of us');
    return runs.map((run) => ({ status: 'fulfilled', value: touched(run) }));
  });
  expect((await Promise.allSettled([0, 1].map((partition) => apply(runOf(partition, 1))))).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
  ]);
  expect(await apply(runOf(2, 1))).toEqual([{ kind: 'touched', contactId: '2' }]);
});

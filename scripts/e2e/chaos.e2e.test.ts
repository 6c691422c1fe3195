import { beforeAll, expect, it } from '@jest/globals';
import { type ChaosResult, RECOVERY_MS_MAX, runChaos } from '../chaos/run.ts';

const seed = Number(process.env.KEYTURN_CHAOS_SEED ?? Date.now() % 2 ** 31);
const said: string[] = [];
let result: ChaosResult;
beforeAll(async () => {
  const say = (line: string) => void said.push(line);
  result = await runChaos({ seed, long: false, say }).catch((error: unknown) => {
    throw new Error([`seed ${seed}: ${error}`, ...said].join('\n'), { cause: error });
  });
}, 900_000);

it('whatever dies or goes away, nothing answered is lost, doubled or made up, and nobody is let go', () => {
  const { lost, doubled, invented, wronglyReleased } = result.totals;
  expect({ seed, lost, doubled, invented, wronglyReleased, words: result.words }).toEqual({
    ...{ seed, lost: 0, doubled: 0, invented: 0, wronglyReleased: 0, words: [] },
  });
});

it('the run was one: many people, decisions that were taken, and outdated ones that were refused', () => {
  const { people, events, decisions, refused } = result.totals;
  expect(people).toBeGreaterThan(100);
  expect(events).toBeGreaterThan(500);
  expect(decisions).toBeGreaterThan(10);
  expect(refused).toBeGreaterThan(10);
});

it('the line goes on by itself within 10 s of each fault', () => {
  const slow = result.recoveries.filter(({ ms, starvedMs }) => ms - starvedMs >= RECOVERY_MS_MAX);
  expect({ seed, slow }).toEqual({ seed, slow: [] });
});

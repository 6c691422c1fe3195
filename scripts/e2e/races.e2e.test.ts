import { expect, it } from '@jest/globals';
import { CHANGES, faultsIn, runRaces } from '../races/run.ts';

const seed = Number(process.env.KEYTURN_CHAOS_SEED ?? Date.now() % 2 ** 31);

it('no message overtakes a block that was there when it was last judged, and none goes out on what may be out of date', async () => {
  const said: string[] = [];
  const result = await runRaces({ seed, long: false, changes: CHANGES.short, say: (line) => void said.push(line) }).catch(
    (error: unknown) => {
      throw new Error([`seed ${seed}: ${error}`, ...said].join('\n'), { cause: error });
    },
  );
  expect({ seed, faults: faultsIn(result), result }).toEqual({ seed, faults: [], result });
});

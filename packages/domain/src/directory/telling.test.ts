import { expect, it } from '@jest/globals';
import { different, moved, says } from '@keyturn/testkit/directory-facts';
import type { DirectoryFact } from './facts.ts';
import { takeBatches } from './settle.fixture.ts';
import type { DirectoryTold } from './tell.ts';

const [W, V, U1, U9] = ['w:1', 'w:2', 'u:a:1', 'u:a:9'] as const;

type Telling = { [Kind in keyof DirectoryTold]?: string[] };
const nothing = { created: [], merged: [], identified: [], numberChanged: [], split: [], moves: [] };
const plain = (told: DirectoryTold) => ({
  ...told,
  merged: told.merged.map(({ contactId, into }) => `${contactId} into ${into}`),
  moves: told.moves.map(({ identifier, from, leaves, joins }) => `${identifier} from ${from}: ${leaves}→${joins}`),
});
const takeover = [says(10, W, U1), says(20, U9), says(50, W, U9)];

it.each<[string, DirectoryFact[], Telling[]]>([
  ['created, then identified', [says(10, U1), says(20, W, U1), says(20, W, U1)], [{ created: ['c01'] }, { identified: ['c01'] }, {}]],
  [
    'two become one, the smaller id survives',
    [says(10, W), says(12, U1), says(20, W, U1)],
    [
      { created: ['c01'] },
      { created: ['c02'] },
      { merged: ['c02 into c01'], identified: ['c01'], moves: ['u:a:1 from -Infinity: c02→c01'] },
    ],
  ],
  [
    'a number change, twice, and then somebody on the old number',
    [says(10, W), moved(40, [W], [V]), moved(43, [W], [V]), says(50, W)],
    [{ created: ['c01'] }, { numberChanged: ['c01'] }, {}, { created: ['c02'] }],
  ],
  [
    'a change learned late divides one contact and merges two',
    [says(10, W), says(50, V), says(60, W), moved(40, [W], [V])],
    [
      { created: ['c01'] },
      { created: ['c02'] },
      {},
      { numberChanged: ['c01'], merged: ['c02 into c01'], created: ['c03'], moves: ['w:1 from 40: c01→c03', 'w:2 from 40: c02→c01'] },
    ],
  ],
  [
    'a split takes a merge back, and the id comes back with it',
    [...takeover, different(50, W)],
    [
      { created: ['c01'] },
      { created: ['c02'] },
      { merged: ['c02 into c01'], identified: ['c01'], moves: ['u:a:9 from -Infinity: c02→c01'] },
      { created: ['c02'], split: ['c01'], moves: ['u:a:9 from -Infinity: c01→c02', 'w:1 from 50: c01→c02'] },
    ],
  ],
  [
    'a split under the same BSUID makes a new contact',
    [says(10, W, U1), says(40, W, U1), different(40, W, U1), says(40, W, U1), says(70, W, U1)],
    [{ created: ['c01'] }, {}, { created: ['c02'], split: ['c01'], moves: ['w:1 from 40: c01→c02'] }, {}, {}],
  ],
])('told: %s', (_guarantee, facts, expected) => {
  const told = takeBatches(facts.map((fact) => [fact])).map((settled) => plain(settled.told));
  expect(told.map((one) => ({ ...one, moves: [...one.moves].sort() }))).toEqual(expected.map((one) => ({ ...nothing, ...one })));
});

it('a batch tells in one what its facts told one by one', () => {
  const [settled] = takeBatches([[says(10, W), moved(40, [W], [V]), moved(43, [W], [V]), says(50, W)]]);
  expect(settled && plain(settled.told)).toEqual({ ...nothing, created: ['c01', 'c02'] });
});

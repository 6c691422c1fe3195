import { expect, it } from '@jest/globals';
import { different, moved, says } from '@keyturn/testkit/directory-facts';
import { derive, personAt } from './derive.ts';
import type { DirectoryFact } from './facts.ts';
import type { Identifier } from './identifier.ts';
import { takeOneByOne } from './settle.fixture.ts';
import { signalsOf } from './signals.ts';

type Facing = ReturnType<typeof facing>;
/** Each story is told in order, reversed and doubled. */
const story = (guarantee: string, told: DirectoryFact[], check: (is: Facing) => void) =>
  it.each([
    ['in order', told],
    ['reversed', [...told].reverse()],
    ['doubled', [...told, ...told]],
  ])(`${guarantee} (%s)`, (_order, facts) => check(facing(facts)));

function facing(facts: readonly DirectoryFact[]) {
  const view = derive(takeOneByOne(facts).directory);
  const persons = (points: [Identifier, number][]) => new Set(points.map(([identifier, at]) => personAt(view, identifier, at))).size;
  return {
    same: (...points: [Identifier, number][]) => expect(persons(points)).toBe(1),
    apart: (...points: [Identifier, number][]) => expect(persons(points)).toBe(points.length),
    /** The signals of a person, without the instant that their names end with. */
    signals: (identifier: Identifier, at: number, ...expected: string[]) => {
      const own = signalsOf(view).filter(({ person }) => person === personAt(view, identifier, at));
      expect(own.map(({ signal }) => signal.replace(/@.*/, '')).sort()).toEqual(expected.sort());
    },
  };
}
const [W, V, X, U1, U2, U9] = ['w:1', 'w:2', 'w:3', 'u:a:1', 'u:a:2', 'u:a:9'] as const;

story('a new person with number and BSUID is one', [says(10, W, U1)], (is) => {
  is.same([W, 0], [W, 99], [U1, 0], [U1, 99]);
  is.signals(W, 10);
});
story('a BSUID alone, its number later: one', [says(10, U1), says(20, W, U1)], (is) => {
  is.same([W, 0], [U1, 10], [U1, 99]);
  is.signals(W, 10);
});
story('number alone and BSUID alone are two until an item carries both', [says(10, W), says(12, U1), says(20, W, U1)], (is) => {
  is.same([W, 10], [U1, 12], [U1, 99]);
  is.signals(W, 10);
});
story(
  "number change: the person goes along, the old number is somebody else's from then on",
  [says(10, W, U1), moved(40, [W], [V]), says(45, V, U2)],
  (is) => {
    is.same([W, 10], [W, 39], [V, 40], [U2, 45], [U1, 99]);
    is.apart([W, 39], [W, 40], [V, 39]);
    is.signals(W, 10, 'number_change:w:1>w:2');
  },
);
story(
  'doubled by two business numbers at 40 and 43: one change, at 40',
  [says(10, W, U1), moved(40, [W, U1], [V, U2]), moved(43, [W, U1], [V, U2]), says(41, V, U2)],
  (is) => {
    is.same([W, 10], [V, 40], [V, 41], [V, 44], [U1, 42], [U2, 41]);
    is.apart([W, 10], [W, 41], [V, 39]);
  },
);
story('a chain', [says(10, W, U1), moved(40, [W], [V]), moved(60, [V], [X])], (is) => {
  is.same([W, 10], [V, 50], [X, 60], [U1, 99]);
  is.apart([W, 10], [W, 40], [V, 60], [V, 10], [X, 10]);
});
story(
  'a swap',
  [says(10, W, U1), says(10, V, U2), moved(40, [W], [V]), moved(40, [V], [W]), moved(43, [V], [W]), moved(43, [W], [V])],
  (is) => {
    is.same([W, 10], [V, 50], [U1, 10]);
    is.same([V, 10], [W, 50], [U2, 10]);
    is.apart([W, 10], [W, 50]);
  },
);
story(
  'there, back and there again',
  [says(10, W), moved(40, [W], [V]), moved(50, [V], [W]), moved(60, [W], [V]), moved(61, [W], [V])],
  (is) => {
    is.same([W, 10], [V, 45], [W, 55], [V, 65]);
    is.apart([W, 10], [W, 45], [V, 55], [W, 65]);
  },
);
story('the change is learned after a stranger wrote from the old number', [says(10, W, U1), says(50, W, U9), moved(40, [W], [V])], (is) => {
  is.same([W, 10], [V, 40], [U1, 99]);
  is.same([W, 50], [U9, 0], [U9, 99]);
  is.apart([W, 10], [U9, 50]);
  is.signals(U9, 50);
});
const takeover = [says(10, W, U1), says(20, U9), says(50, W, U9)];
story('a stranger known by BSUID turns up on a number: one contact, and the signal', takeover, (is) => {
  is.same([W, 10], [U1, 10], [U9, 20], [W, 50]);
  is.signals(W, 10, 'bsuid:u:a:9');
});
story('… and a split that names the number alone gives the stranger back, with his past', [...takeover, different(50, W)], (is) => {
  is.same([W, 10], [U1, 99]);
  is.same([U9, 20], [W, 50], [U9, 99]);
  is.apart([W, 10], [W, 50]);
  is.signals(W, 10);
  is.signals(W, 50);
});
story('… and one that also names the BSUID leaves his past alone', [...takeover, different(50, W, U9)], (is) => {
  is.same([U9, 50], [W, 50]);
  is.apart([W, 10], [W, 50], [U9, 20]);
  is.signals(W, 10);
  is.signals(W, 50);
  is.signals(U9, 20);
});
story(
  'a split under the same BSUID: what came before stays, what comes after goes',
  [says(10, W, U1), says(40, W, U1), different(40, W, U1), says(70, W, U1), says(30, W, U1)],
  (is) => {
    is.same([W, 10], [U1, 10], [W, 39], [U1, 39]);
    is.same([W, 40], [U1, 40], [W, 99], [U1, 99]);
    is.apart([W, 39], [W, 40]);
    is.signals(W, 10);
    is.signals(W, 70);
  },
);
story(
  'a split on evidence that came under the BSUID alone takes number and BSUID',
  [says(10, W, U1), says(40, U1), different(40, W, U1), says(45, U1), says(46, W)],
  (is) => {
    is.same([W, 46], [U1, 45], [U1, 40]);
    is.apart([U1, 39], [U1, 45]);
    is.same([U1, 39], [W, 10]);
  },
);
story(
  'a split of a person without a number holds when number and BSUID come together later, on both sides',
  [says(10, U1), different(40, U1), says(60, W, U1), says(20, W, U1)],
  (is) => {
    is.same([W, 10], [U1, 10], [W, 39]);
    is.same([W, 40], [U1, 40], [U1, 99]);
    is.apart([U1, 39], [U1, 40]);
  },
);
story(
  'a split at the instant of a number change refuses the new number to the person',
  [says(10, W, U1), moved(40, [W, U1], [V, U2]), says(41, V, U2), different(40, V, U2)],
  (is) => {
    is.apart([W, 10], [V, 40], [V, 39], [W, 40]);
    is.same([V, 40], [U2, 41]);
    is.signals(V, 41);
    is.signals(W, 10, 'number_change:w:1>w:2');
  },
);
story(
  'whoever held the new number before loses it, seen before or after',
  [says(5, V, U9), says(10, W, U1), moved(40, [W], [V]), says(30, V, U9)],
  (is) => {
    is.same([V, 5], [U9, 5], [U9, 99]);
    is.same([W, 10], [V, 40]);
    is.apart([V, 5], [V, 40]);
    is.signals(V, 5, 'number_lost:w:2');
  },
);
story(
  'a BSUID change without a number leaves the number behind',
  [says(10, W, U1), moved(40, [U1], [U2]), says(50, W, U9), says(60, U2)],
  (is) => {
    is.same([W, 10], [U1, 99], [U2, 60]);
    is.same([W, 50], [U9, 99]);
    is.apart([W, 10], [W, 50]);
    is.signals(W, 10, 'number_change:u:a:1>u:a:2');
  },
);
story(
  '… and takes the number that the new BSUID comes with, from the change on',
  [says(10, W, U1), says(10, V, U9), moved(40, [U1], [U2]), says(60, V, U2)],
  (is) => {
    is.same([W, 10], [U2, 60], [V, 60], [V, 40]);
    is.apart([W, 10], [W, 40], [V, 10]);
    is.signals(V, 10, 'number_lost:w:2');
  },
);
story(
  '… which may be the same number: then it is one person under a signal',
  [says(10, W, U1), moved(40, [U1], [U2]), says(60, W, U2)],
  (is) => {
    is.same([W, 10], [W, 99], [U1, 99], [U2, 0]);
    is.signals(W, 10, 'bsuid:u:a:2');
  },
);
story('a person without a number changes BSUID', [says(10, U1), moved(40, [U1], [U2]), says(50, U2)], (is) => {
  is.same([U1, 10], [U2, 50]);
  is.signals(U1, 10, 'number_change:u:a:1>u:a:2');
});
story('a report of somebody never seen', [moved(40, [W, U1], [V, U2])], (is) => {
  is.same([W, 0], [U1, 0], [V, 40], [U2, 99]);
  is.apart([W, 39], [W, 40], [V, 39]);
  is.signals(V, 40, 'number_change:w:1>w:2');
});
story(
  "two persons reported onto one number in one second: in doubt nobody's, all blocked",
  [says(10, W), says(10, V), moved(40, [W], [X]), moved(40, [V], [X])],
  (is) => {
    is.apart([W, 10], [V, 10], [X, 40], [X, 10]);
    is.signals(X, 40, 'number_change:w:1>w:3', 'number_change:w:2>w:3');
  },
);
story("an item of the change's own second is the next holder's", [says(10, W, U1), says(40, W, U9), moved(40, [W], [V])], (is) =>
  is.same([W, 40], [U9, 40]),
);
story('shared cards, history and state sync link nothing', [says(10, W), says(10, U1), { type: 'claim', carried: [W, U1], at: 20 }], (is) =>
  is.apart([W, 10], [U1, 10]),
);
story('BSUIDs of two namespaces are not compared', [says(10, W, U1), says(20, W, 'u:b:1')], (is) => {
  is.same([U1, 10], ['u:b:1', 10]);
  is.signals(W, 10);
});
story('a parent finds the person, with and without a number', [says(10, U1, 'p:a:1'), says(20, W, U1)], (is) =>
  is.same(['p:a:1', 10], [U1, 10], [W, 20]),
);

it('there, back and there again shows each change, by its instant', () => {
  const view = derive(takeOneByOne([says(10, W), moved(40, [W], [V]), moved(50, [V], [W]), moved(60, [W], [V])]).directory);
  const own = signalsOf(view).filter(({ person }) => person === personAt(view, W, 10));
  expect(own.map(({ signal, at }) => [signal, at]).filter(([signal]) => `${signal}`.startsWith('number_change:'))).toEqual([
    ['number_change:w:1>w:2@40', 40],
    ['number_change:w:2>w:1@50', 50],
    ['number_change:w:1>w:2@60', 60],
  ]);
});

import type { IdentityChangeJson } from '@keyturn/contracts';
import type { Line } from './line.ts';
import { bodyOf, type Item } from './payload.ts';
import { type Seeded, seeded, seededWorld } from './seeded-world.ts';

const CONNECTIONS = 8;
type Size = { readonly persons: number; readonly numbers: number; readonly rounds: number; readonly turns: number };

/** Lets a seeded world happen to the line, round after round: delivered shuffled, regrouped, doubled, some of it rounds too late; and between the
 *  rounds somebody decides on some of the blocks, both ways. Ends when all is applied and told. */
export async function seededRun(line: Line, seed: number, { persons, numbers, rounds, turns }: Size): Promise<void> {
  const dice = seeded(seed);
  const world = seededWorld(dice, { persons, numbers });
  let late: Item[] = [];
  for (let round = 0; round < rounds; round++) {
    const said = Array.from({ length: turns }, () => world.turn()).flat();
    const held = round === rounds - 1 ? [] : said.filter(() => dice.chance(0.15));
    const now = [...said.filter((item) => !held.includes(item)), ...late];
    late = held;
    await deliver(line, grouped(dice, dice.shuffled([...now, ...now.filter(() => dice.chance(0.3))])));
    await line.settled();
    await decideOnSome(line, dice);
  }
  await line.settled();
}

/** One to three items a body. */
function grouped(dice: Seeded, items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (let i = 0; i < items.length; ) {
    const size = 1 + dice.below(3);
    groups.push(items.slice(i, i + size));
    i += size;
  }
  return groups;
}

async function deliver(line: Line, groups: readonly Item[][]): Promise<void> {
  const queue = [...groups];
  const connection = async () => {
    for (let group = queue.shift(); group; group = queue.shift()) {
      const status = await line.post(bodyOf(group));
      if (status !== 200) throw new Error(`a webhook was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

async function decideOnSome(line: Line, dice: Seeded): Promise<void> {
  const { body } = await line.api<{ items: IdentityChangeJson[] }>('GET', '/v1/identity-changes?status=open&limit=200');
  for (const { contactId, identity } of body.items.filter(() => dice.chance(0.4))) {
    const verdict = dice.chance(0.6) ? 'same_person' : 'different_person';
    const seen = { keyHash: identity.keyHash, version: identity.version };
    const { status } = await line.api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
      ...seen,
      verdict,
      reason: 'called back',
    });
    if (status !== 201 && status !== 409) throw new Error(`an acknowledgement was answered ${status}`); // another decision moved it on
  }
}

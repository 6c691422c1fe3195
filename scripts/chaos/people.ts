import { bodyOf, type Item, statusOf, system, text } from '../e2e/payload.ts';
import type { Random } from './random.ts';

/** What one person does, and what somebody decides about them. */
export type Plan = {
  readonly name: string;
  /** By which the API finds them. */
  readonly waId: string;
  /** What is said, in parts: a part is sent, in any order, once the one before it was answered. */
  readonly parts: readonly (readonly Item[])[];
  /** After this part, once the API shows all of it: a decision on what part 0 showed, to be refused; then one on what there is now. */
  readonly decidedAfter?: number;
};

type Cast = { readonly waId: string; readonly later: string; readonly bsuid: string; readonly name: string };
type Story = (cast: Cast, random: Random) => Omit<Plan, 'name' | 'waId'>;

const stories: readonly Story[] = [
  // somebody we know, who may stop us
  ({ waId }, random) => {
    const stop = random.chance(0.3) ? [text({ waId }, 200, undefined, { text: { body: 'STOP' } })] : [];
    return { parts: [[text({ waId }, 0, 'h1'), text({ waId }, 30, 'h1'), text({ waId }, 60), ...stop]] };
  },
  // a number that was registered anew
  ({ waId, bsuid }) => ({ parts: [[text({ waId, bsuid }, 0, 'h1'), text({ waId, bsuid }, 60, 'h2'), text({ waId, bsuid }, 90, 'h1')]] }),
  // the same, found out by a send
  ({ waId }) => ({
    parts: [[text({ waId }, 0, 'h1'), statusOf({ waId }, 60, { status: 'failed', errors: [{ code: 137000, title: 'mismatch' }] })]],
  }),
  // a new number
  ({ waId, later }) => ({
    parts: [
      [
        text({ waId }, 0, 'h1'),
        system({ waId }, 60, { type: 'user_changed_number', body: 'changed', wa_id: later }),
        text({ waId: later }, 120, 'h1'),
      ],
    ],
  }),
  // known by an id alone, then by the number too
  ({ waId, bsuid }) => ({ parts: [[text({ bsuid }, 0, 'h1'), text({ waId, bsuid }, 60, 'h1'), text({ waId }, 90, 'h1')]] }),
  // verified, and the same person: clear from then on
  ({ waId }) => ({
    parts: [
      [text({ waId }, 0, 'h1'), text({ waId }, 60, 'h2')],
      [text({ waId }, 120, 'h3')],
      [text({ waId }, 240, 'h3'), text({ waId }, 300)],
    ],
    decidedAfter: 1,
  }),
  // verified, and registered anew once more
  ({ waId }) => ({
    parts: [[text({ waId }, 0, 'h1'), text({ waId }, 60, 'h2')], [text({ waId }, 120, 'h1')], [text({ waId }, 300, 'h4')]],
    decidedAfter: 1,
  }),
];

/** The items with ids that say whose they are, so that the same seed sends the same bytes. */
const named = (items: readonly Item[], name: string, part: number): Item[] =>
  items.map((one, i) => ({ ...one, item: { ...one.item, id: `wamid.${name}.${part}.${i}` } }));

/** The person of this number in the run. */
export function personOf(index: number, random: Random): Plan {
  const digits = String(index).padStart(6, '0');
  const name = `p${digits}`;
  const cast = { name, waId: `49152${digits}0`, later: `49152${digits}1`, bsuid: `DE.${digits}` };
  const { parts, ...rest } = random.pick(stories)(cast, random);
  return { name, waId: cast.waId, parts: parts.map((items, part) => named(items, name, part)), ...rest };
}

/** A person who says one thing, to see whether anybody listens. */
export const passerBy = (index: number): Plan => {
  const waId = `49153${String(index).padStart(7, '0')}`;
  return { name: `x${index}`, waId, parts: [named([text({ waId }, 0, 'h1')], `x${index}`, 0)] };
};
/** A person who comes back under another key. */
export const twiceSeen = (index: number): Plan => {
  const name = `t${index}`;
  const waId = `49154${String(index).padStart(7, '0')}`;
  return { name, waId, parts: [named([text({ waId }, 0, 'h1')], name, 0), named([text({ waId }, 60, 'h2')], name, 1)] };
};
/** A person who came back under another key, and is decided on then. */
export const cameBack = (name: string): Plan => {
  const waId = '491550000000';
  return { name, waId, parts: [named([text({ waId }, 0, 'h1'), text({ waId }, 60, 'h2')], name, 0)], decidedAfter: 0 };
};
export { bodyOf, type Item };

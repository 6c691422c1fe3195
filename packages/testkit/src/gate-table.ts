import { ConsentCategory, type GateCode, gateCodes } from '@keyturn/contracts';

/** What one circumstance has the gate say, per category: marketing, utility, authentication, service. `D` denies, `s` is reported and denies nothing,
 *  `o` speaks against it and is not asked, `.` says nothing. */
export type Words = Readonly<Partial<Record<GateCode, string>>>;
type Circumstances = Readonly<Record<string, Words>>;

/** The outcome that each circumstance is to have by itself, as docs/gate.md tells it and not as the rules compute it. The first of each kind is the one
 *  in which all is well. */
export const gateTable = {
  identity: {
    'one hash': {},
    'two open hashes': { identity_blocked: 'DDDD' },
    'no hash': { identity_unproven: 'ssDs' },
    'a hash on another number of ours': { identity_unproven: 'ssDs' },
    'accepted unseen': { identity_unproven: 'ssDs', identity_hash_awaited: 'DDDo' },
    'two accepted hashes': { identity_unproven: 'ssDs' },
  },
  consent: {
    'opted in to all': {},
    'began a thread': { no_opt_in: 'D...' },
    'never agreed': { no_opt_in: 'DDDD' },
    'stopped marketing': { opted_out: 'D...' },
    'stopped all': { opted_out: 'DDDD' },
  },
  window: {
    open: {},
    over: { window_closed: '...D' },
    'ends this instant': { window_closed: '...D' },
    'of another number of ours': { window_closed: '...D' },
  },
  choice: { none: {}, 'blocked by choice': { blocked_by_choice: 'DDDD' } },
  followed: { 'by all': {}, 'not by all': { contact_changing: 'DDDD' } },
  /** How the recipient is named; whom that finds is in `finds`. */
  named: {
    'by number': {},
    'by id': { bsuid_forbidden: '..D.' },
    'by both': {},
    'by a number that another may hold too': {},
    'by the number, and another’s id': { two_contacts: 'DDDD' },
    'by another’s number, and the id': { two_contacts: 'DDDD' },
    'by the number, and nobody’s id': { two_contacts: 'DDDD', contact_unknown: 'DDDD' },
    'by nobody’s number, and the id': { two_contacts: 'DDDD', contact_unknown: 'DDDD' },
    'by nobody’s number': { contact_unknown: 'DDDD' },
    'by nobody’s id': { contact_unknown: 'DDDD', bsuid_forbidden: '..D.' },
    'as a group': { group_recipient: 'DDDD' },
    'by their number, which is theirs with our country code too': {},
    'by their number, which is another’s with our country code': { two_contacts: 'DDDD' },
    'by another’s number, which is theirs with our country code': { two_contacts: 'DDDD' },
    'by nobody’s number, which is theirs with our country code': { contact_unknown: 'DDDD' },
    /** And their hash, which goes along, tells that it is not. */
    'by their number, which may be a stranger’s with our country code': { number_ambiguous: 'DDDs' },
  },
  state: {
    current: {},
    'as old as it may be': {},
    'a millisecond older': { state_not_current: 'DDDs' },
    'of a consumer that never came': { state_not_current: 'DDDs' },
    'not to be read': { state_unreadable: 'DDDD' },
  },
  ours: {
    fine: {},
    'not heard of': {},
    disconnected: { number_restricted: 'Dsss' },
    restricted: { number_restricted: 'Dsss' },
    flagged: { number_restricted: 'D...' },
    'identity check off': { identity_unchecked: 'ssDs' },
    'identity check partly on': {},
    'identity check not heard of': {},
  },
  hash: { 'not named': {}, 'the known one': {}, 'another one': { identity_hash_differs: 'DDDD' } },
} as const satisfies Record<string, Circumstances>;

type Table = typeof gateTable;
type Kind = keyof Table;
/** One circumstance of each kind. */
export type GateCase = { readonly [One in Kind]: keyof Table[One] & string };
export type GatePersonCase = Pick<GateCase, 'identity' | 'consent' | 'window' | 'choice' | 'followed'>;

/** Who is found: nobody is none of the person's circumstances; another is always one in whose case all is well. */
const finds: Readonly<Record<GateCase['named'], readonly ('person' | 'other')[]>> = {
  'by number': ['person'],
  'by id': ['person'],
  'by both': ['person'],
  'by a number that another may hold too': ['person', 'other'],
  'by the number, and another’s id': ['person', 'other'],
  'by another’s number, and the id': ['person', 'other'],
  'by the number, and nobody’s id': ['person'],
  'by nobody’s number, and the id': ['person'],
  'by nobody’s number': [],
  'by nobody’s id': [],
  'as a group': [],
  'by their number, which is theirs with our country code too': ['person'],
  'by their number, which is another’s with our country code': ['person', 'other'],
  'by another’s number, which is theirs with our country code': ['person', 'other'],
  'by nobody’s number, which is theirs with our country code': ['person'],
  'by their number, which may be a stranger’s with our country code': ['person'],
};
/** Known by how the recipient is named alone: all other words need a state that can be read. */
const OF_THE_SEND: readonly GateCode[] = ['group_recipient', 'bsuid_forbidden'];
const OF_THE_PERSON = ['identity', 'consent', 'window', 'choice', 'followed'] as const;
const categories = ConsentCategory.options;

/** What the gate is to say of a case: every rule that has a row, against by which category, in the order of its reasons. */
export function wordsOf(one: GateCase): Words {
  const found = finds[one.named];
  const words = new Map<GateCode, string>();
  const say = (more: Words) => {
    for (const [code, letters] of Object.entries(more) as [GateCode, string][]) words.set(code, strictest(words.get(code), letters));
  };
  if (found.includes('person')) for (const kind of OF_THE_PERSON) say((gateTable[kind] as Circumstances)[one[kind]] ?? {});
  const hasOneHash = found.includes('other') || (found.includes('person') && one.identity === 'one hash');
  if (one.hash !== 'another one' || hasOneHash) say(gateTable.hash[one.hash]);
  for (const kind of ['named', 'state', 'ours'] as const) say((gateTable[kind] as Circumstances)[one[kind]] ?? {});
  if (['one hash', 'two open hashes'].includes(one.identity) || one.ours === 'not heard of') words.delete('number_ambiguous');
  const told = [...words].filter(([code]) => one.state !== 'not to be read' || code === 'state_unreadable' || OF_THE_SEND.includes(code));
  return Object.fromEntries(told.sort(([a], [b]) => gateCodes.indexOf(a) - gateCodes.indexOf(b)));
}

const RANK = 'Dso.';
const strictest = (a = '....', b = '....') =>
  categories.map((_, i) => (RANK.indexOf(a[i] ?? '.') < RANK.indexOf(b[i] ?? '.') ? a[i] : b[i])).join('');

/** What the gate is to answer. A category that nobody knows may be each that a template can have. */
export function outcomeOf(words: Words, category: ConsentCategory | null) {
  const asked = category === null ? categories.filter((one) => one !== 'service') : [category];
  const says = (letter: string) =>
    (Object.entries(words) as [GateCode, string][]).filter(([, letters]) =>
      asked.some((one) => letters[categories.indexOf(one)] === letter),
    );
  const reasons = says('D').map(([code]) => code);
  const shadowed = says('s').flatMap(([code]) => (reasons.includes(code) ? [] : [code]));
  return { decision: reasons.length === 0 ? 'allow' : 'deny', reasons, shadowed } as const;
}

const allWell = Object.fromEntries(
  Object.entries(gateTable).map(([kind, circumstances]) => [kind, Object.keys(circumstances)[0]]),
) as unknown as GateCase;

/** Every combination of the circumstances of these kinds, all else well. */
export function casesOf(...kinds: readonly Kind[]): GateCase[] {
  return kinds.reduce<GateCase[]>(
    (cases, kind) =>
      cases.flatMap((one) => Object.keys(gateTable[kind]).map((circumstance): GateCase => ({ ...one, [kind]: circumstance }))),
    [allWell],
  );
}

/** Every person of whom one thing at the most is not well, in every combination of the circumstances of these kinds. */
export const oneThingAmiss = (...kinds: readonly Kind[]): GateCase[] => [
  ...new Map(OF_THE_PERSON.flatMap((of) => casesOf(of, ...kinds)).map((one) => [Object.values(one).join(), one])).values(),
];

import { type ContactJson, contactEvents, type IdentityView, identityEvents, identityState } from '@keyturn/contracts';
import type { Line } from '../line.ts';

type Told = { readonly contactId: string; readonly type: string; readonly version: number };
type IdentityTold = Told & { readonly before: IdentityView; readonly after: IdentityView };
/** What downstream has heard of all contacts, read once. */
export type Heard = {
  /** The news of each of these contacts, in the order in which they came to be: who came, went and moved; then what turned `status`, and each decision. */
  readonly newsOf: (contactIds: readonly string[]) => string[];
  /** What is wrong with what was told of these identities: a gap in the versions, an event that goes on from another state than the one before came
   *  to, a last state record that is not what the API has. Times apart, which may move untold. */
  readonly wrongWith: (contacts: readonly ContactJson[]) => string[];
};

export async function hear(line: Line): Promise<Heard> {
  const contacts = await read<Told>(line, contactEvents.name);
  const identities = await read<IdentityTold>(line, identityEvents.name);
  const states = await read<{ contactId: string; identity: IdentityView }>(line, identityState.name);
  return {
    newsOf: (contactIds) =>
      contactIds.toSorted().map((contactId) => {
        const moves = (contacts.get(contactId) ?? []).map(({ type }) => type.replace('contact.', '')).filter((type) => !quiet.has(type));
        return [moves, (identities.get(contactId) ?? []).flatMap(turn)].map((told) => told.join(' ')).join(', ');
      }),
    wrongWith: (asked) =>
      asked.flatMap(({ contactId, identity }) => {
        const told = identities.get(contactId) ?? [];
        const breaks = told.filter(({ version, before }, i) => version !== i + 1 || (i > 0 && !same(before, told[i - 1]?.after)));
        const last = [states.get(contactId)?.at(-1)?.identity, told.at(-1)?.after].filter((end) => end !== undefined);
        return [
          ...breaks.map(({ version }) => `${contactId}: version ${version} does not go on from the one before`),
          ...last
            .filter((end) => !same(end, identity))
            .map(({ version }) => `${contactId}: version ${version} is told, and the API has another`),
        ];
      }),
  };
}
const quiet = new Set(['updated', 'identified']);

/** All records of one contact are on one partition, so they are in order. */
async function read<One extends { contactId: string }>(line: Line, topic: string): Promise<Map<string, One[]>> {
  const told = (await line.read(topic)).map(({ value }) => JSON.parse(String(value)) as One);
  return Map.groupBy(told, ({ contactId }) => contactId);
}

function turn({ type, before, after }: IdentityTold): string[] {
  if (before.status === after.status && type !== 'identity.acknowledged') return [];
  const name = type.replace(/identity\.(hash_)?/, '');
  return name === after.status ? [name] : [name, after.status];
}
const same = (a: IdentityView, b: IdentityView | undefined) => b !== undefined && timeless(a) === timeless(b);
const timeless = ({ status, version, keyHash, keyHashes, evidence }: IdentityView) =>
  JSON.stringify([
    status,
    version,
    keyHash,
    keyHashes,
    evidence
      .map(
        (
          { firstAt: _first, lastAt: _last, code: _code, eventId: _event, ...rest }, // what follows from which was first is a time too
        ) => JSON.stringify(rest),
      )
      .sort(),
  ]);

import type { ContactJson } from '@keyturn/contracts';
import { iso, T0 } from '@keyturn/testkit';
import type { Line } from '../line.ts';
import { bodyOf, type Item } from '../payload.ts';
import type { Act, Cast, Point } from './story.ts';
import type { Telling } from './tellings.ts';

/** What was to be answered otherwise, in words; none: all acts were answered as they should. */
export type Amiss = string[];

/** Tells all of them side by side, each act when all facts before it are applied: the act is taken once, refused when it comes again or too early. */
export async function tellAll(line: Line, tellings: readonly Telling[]): Promise<Amiss> {
  const amiss: Amiss = [];
  const [apart, swift] = [tellings.filter((one) => one.apart), tellings.filter((one) => !one.apart)];
  for (let side = 0; tellings.some(({ posts }) => side < posts.length); side++) {
    await together(swift, async ({ posts }) => {
      for (const items of posts[side] ?? []) await post(line, items);
    });
    for (let turn = 0; tellings.some(({ posts }) => turn < (posts[side]?.length ?? 0)); turn++) {
      const items = apart.flatMap(({ posts }) => posts[side]?.[turn] ?? []);
      for (let from = 0; from < items.length; from += BODY_MAX) await post(line, items.slice(from, from + BODY_MAX));
      await line.settled();
      if (side + turn === 0) await together(apart, (telling) => actTooEarly(line, telling, amiss));
    }
    await together(tellings, (telling) => act(line, telling, telling.story.acts?.[side], amiss));
    await line.settled();
  }
  return amiss;
}

const CONNECTIONS = 8;
async function together<One>(all: readonly One[], work: (one: One) => Promise<void>): Promise<void> {
  const queue = [...all];
  const connection = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}
const BODY_MAX = 100;
async function post(line: Line, items: readonly Item[]): Promise<void> {
  const status = await line.post(bodyOf(items));
  if (status !== 200) throw new Error(`a webhook was answered ${status}`);
}

async function act(line: Line, { story, name, cast }: Telling, one: Act | undefined, amiss: Amiss): Promise<void> {
  if (one === undefined) return;
  const contact = await contactAt(line, cast, one.on);
  const answers = [await decide(line, contact, one), await decide(line, contact, one)];
  const expected = one.verdict === 'barred' ? '200,200' : '201,409';
  if (answers.join() !== expected) amiss.push(`${story.name}, ${name}: an act, and the same again, were answered ${answers}`);
}

/** A decision names what it saw; to lift a block of the business's names that block. */
async function actTooEarly(line: Line, { story, name, cast, tooEarly }: Telling, amiss: Amiss): Promise<void> {
  for (const one of tooEarly ? (story.acts ?? []) : []) {
    const contact = await contactAt(line, cast, one.on);
    const coming = { ...contact, identity: { ...contact.identity, version: contact.identity.version + 1 } };
    const answer = one.verdict === 'barred' ? await bar(line, contact, 'DELETE') : await decide(line, coming, one);
    if (answer !== 409) amiss.push(`${story.name}, ${name}: answered ${answer}`);
  }
}

async function decide(line: Line, contact: ContactJson, act: Act): Promise<number> {
  if (act.verdict === 'barred') return bar(line, contact, 'PUT');
  const path = `/v1/contacts/${contact.contactId}/identity/acknowledgements`;
  const seen = { keyHash: act.names, version: contact.identity.version };
  return (await line.api('POST', path, { ...seen, verdict: act.verdict, reason: 'called back' })).status;
}
const bar = async (line: Line, { contactId }: ContactJson, method: 'PUT' | 'DELETE'): Promise<number> =>
  (await line.api(method, `/v1/contacts/${contactId}/business-block`, { reason: 'abuse' })).status;

async function contactAt(line: Line, cast: Cast, point: Point): Promise<ContactJson> {
  const [name, seconds] = point.split(' ') as [keyof Cast, string];
  const by = name === 'w' || name === 'v' ? { waId: cast[name] } : { bsuid: cast[name] };
  const { body } = await line.api<{ items: ContactJson[] }>('POST', '/v1/contacts/search', { ...by, at: iso(T0 + Number(seconds)) });
  const [found, ...others] = body.items;
  if (found === undefined || others.length > 0) throw new Error(`${body.items.length} contacts at ${point}`);
  return found;
}

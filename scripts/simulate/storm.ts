import { ago, type Person, somebody, someKeyHash, text } from './payload.ts';
import type { Stage, Story } from './story.ts';
import { until } from './until.ts';

const PEOPLE = 400;
/** So many are left for whoever watches. */
const LEFT = 3;
const DECIDED = PEOPLE - LEFT;
const CONNECTIONS = 40;
const TIMEOUT_MS = 60_000;

/** Hundreds of re-registrations at once: all blocked, none lost, and a queue that can be worked off. */
export const storm: Story = { about: `${PEOPLE} numbers are registered anew at once: throughput, and the queue of on-call`, tell };

async function tell({ doors, followed, teller }: Stage): Promise<void> {
  const people = Array.from({ length: PEOPLE }, (_, i) => somebody(`Person ${i + 1}`));
  const deliverAll = (at: number, words: string) => inParallel(people, (person) => doors.deliver(text(person, someKeyHash(), at, words)));

  teller.step(`${PEOPLE} customers write, each with a key hash of their own`);
  teller.see(rate(await timed(() => deliverAll(ago(3_600), 'Hello')), 'webhooks answered 200'));
  const contactIds = new Map<string, Person>();
  const known = await timed(async () => {
    await inParallel(people, async (person) => {
      const contact = await until(
        'a customer is known',
        async () => {
          const found = await doors.contactOf(person.waId);
          return found?.identity.status === 'clear' ? found : undefined;
        },
        TIMEOUT_MS,
      );
      contactIds.set(contact.contactId, person);
    });
  });
  teller.see(`all ${contactIds.size} are known and clear, ${seconds(known)} later`);

  teller.step(`Now all ${PEOPLE} write with another key hash, all at once`);
  const ids = new Set(contactIds.keys());
  const startedAt = performance.now();
  teller.see(rate(await timed(() => deliverAll(ago(1), 'New phone')), 'webhooks answered 200'));
  await until(
    `${PEOPLE} times identity.blocked on identity.events.v1`,
    () => followed.count('identity.blocked', ids) >= PEOPLE || undefined,
    TIMEOUT_MS,
  );
  teller.see(rate(performance.now() - startedAt, 'webhook → decided → committed → told on identity.events.v1'));

  teller.step('The queue of on-call');
  const queue = await until(
    `all ${PEOPLE} are in the queue`,
    async () => {
      const open = (await doors.openChanges()).filter(({ contactId }) => ids.has(contactId));
      return open.length >= PEOPLE ? open : undefined;
    },
    TIMEOUT_MS,
  );
  teller.expect(queue.length === PEOPLE, `${queue.length} open changes, oldest first, each with its evidence`, () => queue.length);

  teller.step(`The business's own verification service decides on all but ${LEFT}, by the same API`);
  let refused = 0;
  const decided = await timed(() =>
    inParallel(queue.slice(LEFT), async ({ contactId, identity: { keyHash, version } }) => {
      const answer = await doors.acknowledge(contactId, { keyHash, version, verdict: 'same_person', reason: 'verified in the app' });
      if (!answer.taken) refused += 1;
    }),
  );
  teller.expect(refused === 0, rate(decided, 'decisions recorded', DECIDED), () => ({ refused }));
  await until('the decisions are told', () => followed.count('identity.acknowledged', ids) >= DECIDED || undefined, TIMEOUT_MS);
  const left = (await doors.openChanges()).filter(({ contactId }) => ids.has(contactId));
  teller.expect(
    left.length === LEFT,
    `${LEFT} wait for you: on the page, or npx keyturn list, then npx keyturn ack <contact>`,
    () => left.length,
  );
  teller.moral(`${PEOPLE} blocked, ${DECIDED} decided, none lost, none twice.`);
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const rate = (ms: number, what: string, count = PEOPLE): string =>
  `${count} in ${seconds(ms)}, ${Math.round(count / (ms / 1000))} a second: ${what}`;

import { randomUUID } from 'node:crypto';
import { webhooks } from '@keyturn/contracts';
import { canonicalWaId, digitsOf, type Send, spellingKey } from '@keyturn/domain';
import { eventRecord, normalize, webhookIdOf, webhookRecord } from '@keyturn/normalize';
import { type Log, metrics } from '@keyturn/runtime';
import { accountsOf, countOurs, type Database, enqueue, learnedNumbers, transact } from '@keyturn/store';
import { type RefusedSend, refusalIn, refusalWebhook } from './refused-send.ts';
import { within } from './within.ts';
import { writeBehind } from './write-behind.ts';

/** Stands for the platform's signature on a body that the gate made of what the platform answered. */
const SIGNED_BY_US = 'gate';
const BOUNDS = { itemsMax: 200, waitingMax: 10_000, gatherMs: 0 };
/** A sender waits no longer for our record of a refusal. */
const TOLD_MAX_MS = 2_000;

const refusals = metrics.counter(
  'keyturn_gate_refusals_total',
  'Sends that the platform refused for what it knows of the person, by its code and whether that is told as a failed status is: told, or untold (the account of the number is not known).',
  ['code', 'outcome'],
);

type Told = RefusedSend & {
  readonly refusal: NonNullable<ReturnType<typeof refusalIn>>;
  readonly digits: string | null;
  readonly spelled: string | null;
};
type Parts = { readonly pool: Database['pool']; readonly now: () => Date; readonly log: Log };
/** Tells the line what the platform refused. */
export type TellRefusals = {
  /** Resolves when the answer may go back: what it says of the person will be published, whatever becomes of this process; or the database does not
   *  answer, and it is tried on. */
  tell(send: Send, identityKeyHash: string | null, answer: string): Promise<void>;
  stop(): Promise<void>;
};

/** Makes the platform's refusals events on the line, as if it had sent a webhook: body and event go to the outbox, by one statement for many, and the relay
 *  publishes them. */
export function tellRefusals({ pool, now, log }: Parts): TellRefusals {
  const { write, stop } = writeBehind<Told>((told) => enqueueRefusals({ pool, now, log }, told), { what: 'refusal', ...BOUNDS, log });
  return {
    stop,
    async tell({ phoneNumberId, to, recipient, group }, identityKeyHash, answer) {
      const refusal = group ? null : refusalIn(answer);
      if (refusal === null) return;
      const named = { digits: to === null ? null : digitsOf(to), spelled: to === null ? null : spellingKey(to, phoneNumberId) };
      const refused = { phoneNumberId, waId: null, recipient, identityKeyHash, at: now(), refusalId: randomUUID() };
      await within(TOLD_MAX_MS, () => write({ ...refused, ...named, refusal })).catch(() => {});
    },
  };
}

async function enqueueRefusals({ pool, now, log }: Parts, told: readonly Told[]): Promise<void> {
  const accounts = await accountsOf(pool, [...new Set(told.map(({ phoneNumberId }) => phoneNumberId))]);
  const learned = await learnedNumbers(pool, [...new Set(told.flatMap(({ spelled }) => spelled ?? []))]);
  const records = told.flatMap(({ refusal, digits, spelled, ...send }) => {
    const wabaId = accounts.get(send.phoneNumberId)?.wabaId;
    if (wabaId === undefined) return [];
    const body = refusalWebhook(
      { ...send, waId: digits === null ? null : (learned.get(spelled ?? '') ?? canonicalWaId(digits)) },
      refusal,
      wabaId,
    );
    const webhookId = webhookIdOf(body);
    const delivery = { body, signature: SIGNED_BY_US, contentType: 'application/json', receivedAt: send.at };
    return [webhookRecord(webhookId, delivery), ...normalize(body, { webhookId, receivedAt: send.at }).map(eventRecord)];
  });
  const ours = records.filter(({ topic }) => topic === webhooks).length;
  await transact(pool, async (tx) => {
    await enqueue(tx, records);
    await countOurs(tx, ours, now());
  });
  for (const { refusal, phoneNumberId } of told) {
    const outcome = accounts.has(phoneNumberId) ? 'told' : 'untold';
    refusals.inc({ code: String(refusal.code), outcome });
    if (outcome === 'untold')
      log.warn({ phoneNumberId, code: refusal.code }, 'a refusal is not told: no webhook of this number has come in');
  }
}

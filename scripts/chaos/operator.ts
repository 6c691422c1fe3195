import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { IdentityView } from '@keyturn/contracts';
import type { Ledger } from './ledger.ts';
import type { Line } from './line.ts';
import { newModel } from './model.ts';
import type { Plan } from './people.ts';

const POLL_MS = 100;
/** Longer than any fault and the recovery from it. */
const PATIENCE_MS = 90_000;

type Seen = { readonly contactId: string; readonly identity: IdentityView };

/** Decides by the API as a careful person would: on what the contact shows once it shows all that was said. Before that, on what it showed earlier,
 *  as a careless one would; that must be refused. Resolves when the right decision is in, or when it never could be made: the checker finds the person otherwise then. */
export async function decideOn(line: Line, ledger: Ledger, plan: Plan): Promise<void> {
  const model = newModel();
  const [first = [], ...others] = plan.parts.slice(0, (plan.decidedAfter ?? 0) + 1);
  model.take(first);
  const outdated = await find(line, plan.waId);
  for (const items of others) model.take(items);
  const expected = { ...(model.identityOf(`w:${plan.waId}`) as IdentityView), version: 0 };
  const deadline = Date.now() + PATIENCE_MS;
  let careless = false;
  for (let attempt = 1; Date.now() < deadline; attempt += 1) {
    const seen = await find(line, plan.waId);
    if (seen !== undefined && isDeepStrictEqual({ ...seen.identity, version: 0 }, expected)) {
      if (!careless && seen.identity.version > 1) {
        careless = true;
        const { contactId, identity } = outdated?.contactId === seen.contactId && outdated.identity.status === 'blocked' ? outdated : seen;
        const version = identity.version === seen.identity.version ? identity.version - 1 : identity.version;
        await decide(line, ledger, { contactId, identity: { ...identity, version } }, `stale ${plan.name}`, true);
      }
      if ((await decide(line, ledger, seen, `${plan.name} ${attempt}`, false)) === 201) return;
    }
    if (await wasDecided(line, plan.name)) return; // the answer to it was lost
    await pause(POLL_MS);
  }
}

async function find(line: Line, waId: string): Promise<Seen | undefined> {
  const { status, body } = await line.api<{ items: Seen[] }>('POST', '/v1/contacts/search', { waId });
  return status === 200 ? body.items[0] : undefined;
}

async function decide(line: Line, ledger: Ledger, { contactId, identity }: Seen, reason: string, stale: boolean): Promise<number> {
  const attempt = { reason, stale, contactId, status: 0 };
  ledger.attempts.push(attempt);
  const { status } = await line.api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
    ...{ keyHash: identity.keyHash, version: identity.version, verdict: 'same_person', reason },
  });
  attempt.status = status;
  return status;
}

const wasDecided = async (line: Line, name: string): Promise<boolean> => {
  const rows = await line.query('select from identity_decision where reason like $1', [`${name} %`]).catch(() => []);
  return rows.length > 0;
};

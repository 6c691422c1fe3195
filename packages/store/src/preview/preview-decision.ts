import { setTimeout as pause } from 'node:timers/promises';
import {
  AppError,
  type DecisionPreviewJson,
  type DecisionPreviewRequest,
  isRetryable,
  type Verdict,
  type VerdictPreview,
} from '@keyturn/contracts';
import type pg from 'pg';
import { decide } from '../decide/decide.ts';
import { readContacts } from '../queries/read-contacts.ts';
import { requireSurvivor } from '../queries/survivor-of.ts';
import { rolledBack } from '../rehearse/rolled-back.ts';
import { rehearsalStart } from '../rehearse/told-within.ts';
import { followWithin } from './follow-within.ts';
import { outcomeOf } from './outcome-of.ts';

/** What a preview needs from the world. `newId`: UUIDv7. */
export type PreviewShell = { readonly pool: pg.Pool; readonly now: () => Date; readonly newId: () => string };
const ATTEMPTS_MAX = 5;
const PAUSE_MS = 100;

/** What each verdict on exactly this change would do: decided, and followed by all slices, in a transaction that is rolled back. Throws what the decision
 *  itself would throw: `contact.not_found`; `identity.conflict` with `reason` (`not_blocked`, `moved_on`) and the present `identity`; `store.…`. */
export async function previewDecision(shell: PreviewShell, contactId: string, seen: DecisionPreviewRequest): Promise<DecisionPreviewJson> {
  const here = await requireSurvivor(shell.pool, contactId);
  const previews = {
    same_person: await previewOf(shell, here.contactId, seen, 'same_person'),
    different_person: await previewOf(shell, here.contactId, seen, 'different_person'),
  };
  return { contactId: here.contactId, ...seen, ...previews };
}

/** Rows that others hold it gives up, and comes again: nobody waits for what only looks. */
async function previewOf(shell: PreviewShell, contactId: string, seen: DecisionPreviewRequest, verdict: Verdict): Promise<VerdictPreview> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rolledBack(shell.pool, (inside) => decidedWithin(inside, shell, contactId, { ...seen, verdict }));
    } catch (error) {
      if (error instanceof AppError && error.detail.reason === 'nothing_to_split') return { refused: 'nothing_to_split', outcome: null };
      if (!isRetryable(error) || attempt === ATTEMPTS_MAX) throw error;
      await pause(PAUSE_MS);
    }
  }
}

async function decidedWithin(
  inside: pg.Pool,
  { now, newId }: PreviewShell,
  contactId: string,
  seen: DecisionPreviewRequest & { verdict: Verdict },
): Promise<VerdictPreview> {
  const decisionId = newId();
  const actor = `system:preview/${decisionId}`; // by which is found what is told within
  const [before] = await readContacts(inside, [contactId], now());
  const start = await rehearsalStart(inside);
  const command = { ...seen, decisionId, actor, reason: 'preview', decidedAt: now().toISOString() };
  const { contactId: knownId, decision } = await decide({ pool: inside, newContactId: newId }, contactId, command);
  await followWithin(inside, start.position, actor, now);
  const after = await readContacts(inside, [knownId, decision.newContactId ?? knownId], now());
  const [known, holder] = [after[0], after.at(-1)];
  if (before === undefined || known === undefined || holder === undefined)
    throw new TypeError('a contact that was decided on is not there');
  return { refused: null, outcome: outcomeOf(before, known, holder) };
}

import { ContactId, ContactJson, SpelledNumber } from '@keyturn/contracts';
import { z } from 'zod';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Console } from './connect.ts';

const Found = z.object({ items: z.array(ContactJson) });

/** One contact, by its id, by a number in any spelling, or by a BSUID; `at`: who held it then. Throws a failure where it is nobody, or more than
 *  one. \`raw\` is the answer as it came. */
export async function findContact(call: Console, who: string, at?: string): Promise<{ contact: ContactJson; raw: unknown }> {
  if (ContactId.safeParse(who).success) {
    if (at !== undefined)
      throw failure(exitCodes.usage, '--at goes with a number or a BSUID: a contactId is the same contact at any time.');
    const raw = await call('GET', `/v1/contacts/${who}`);
    return { contact: ContactJson.parse(raw), raw };
  }
  const number = SpelledNumber.safeParse(who);
  const identifier = number.success ? { waId: number.data } : { bsuid: who };
  const raw = (await call('POST', '/v1/contacts/search', { ...identifier, ...(at === undefined ? {} : { at }) })) as { items: unknown[] };
  const [contact, ...others] = Found.parse(raw).items;
  if (contact === undefined) {
    throw failure(
      exitCodes.notFound,
      `Nobody is known by this ${'waId' in identifier ? 'number' : 'BSUID'}${at === undefined ? '' : ` at ${at}`}.`,
    );
  }
  if (others.length === 0) return { contact, raw: raw.items[0] };
  const ids = [contact, ...others].map(({ contactId, scope }) => `  ${contactId}  (scope ${scope})`);
  throw failure(exitCodes.usage, `More than one contact is meant. Name one by its contactId:\n${ids.join('\n')}`);
}

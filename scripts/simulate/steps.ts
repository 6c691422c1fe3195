import type { ContactJson, IdentityStatus } from '@keyturn/contracts';
import type { Stage } from './story.ts';
import { until } from './until.ts';

/** Delivers a webhook and says how long the 200 took. */
export async function deliver({ doors, teller }: Pick<Stage, 'doors' | 'teller'>, body: string): Promise<void> {
  const startedAt = performance.now();
  await doors.deliver(body);
  teller.see(`webhook answered 200 in ${Math.round(performance.now() - startedAt)} ms: Kafka has it, nothing can be lost now`);
}

/** The contact of a number, once the API shows it with this status. */
export const withStatus = ({ doors }: Pick<Stage, 'doors'>, waId: string, status: IdentityStatus): Promise<ContactJson> =>
  until(`the API shows the holder of the number as ${status}`, async () => {
    const contact = await doors.contactOf(waId);
    return contact?.identity.status === status ? contact : undefined;
  });

/** The contact, once the API shows it with this status. */
export const becomes = ({ doors }: Pick<Stage, 'doors'>, contactId: string, status: IdentityStatus): Promise<ContactJson> =>
  until(`the API shows ${contactId} as ${status}`, async () => {
    const contact = await doors.contact(contactId);
    return contact.identity.status === status ? contact : undefined;
  });

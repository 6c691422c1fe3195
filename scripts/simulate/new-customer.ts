import { ago, somebody, someKeyHash, text } from './payload.ts';
import { deliver, withStatus } from './steps.ts';
import type { Stage, Story } from './story.ts';
import { phone } from './teller.ts';
import { until } from './until.ts';

/** The first message of a person, and the same one delivered again. */
export const newCustomer: Story = {
  about: 'somebody writes for the first time: who it is, what we may write, and what a second delivery changes (nothing)',
  tell,
};

async function tell({ doors, followed, teller }: Stage): Promise<void> {
  const [ben, hash] = [somebody('Ben Demo'), someKeyHash()];
  const stage = { doors, teller };
  const body = text(ben, hash, ago(5), 'Hello, do you ship to Norway?');

  teller.step(`Ben writes for the first time, from ${phone(ben.waId)}`);
  await deliver(stage, body);
  const contact = await withStatus(stage, ben.waId, 'clear');
  teller.see(`a contact of his own: ${contact.contactId}`);
  teller.see(`known by ${contact.identifiers.map(({ kind }) => kind).join(' and ')}, whichever WhatsApp sends next`);
  teller.identity(contact);

  teller.step('May we write to him?');
  const { consent, serviceWindows } = await until('consent and service window are known', async () => {
    const seen = await doors.contact(contact.contactId);
    return seen.consent.service?.status === 'opted_in' && seen.serviceWindows.length > 0 ? seen : undefined;
  });
  for (const [category, { status, source }] of Object.entries(consent))
    teller.see(`${category}: ${status}${source === null ? '' : ` (${source})`}`);
  teller.expect(consent.marketing?.status === 'none', 'a question is no opt-in for marketing', () => consent);
  teller.expect(serviceWindows.length === 1, `free-form answers until ${serviceWindows[0]?.endsAt}`, () => serviceWindows);

  teller.step('WhatsApp delivers the very same webhook again');
  await deliver(stage, body);
  const mark = somebody('Mark Demo');
  await doors.deliver(text(mark, someKeyHash(), ago(1), 'After the second delivery'));
  await withStatus(stage, mark.waId, 'clear');
  const again = await doors.contact(contact.contactId);
  teller.expect(JSON.stringify(again.identity) === JSON.stringify(contact.identity), 'nothing changed: not even a version', () => again);

  teller.step('What every downstream system heard');
  await followed.next(contact.contactId, 'consent.status_changed');
  await followed.next(contact.contactId, 'contact.updated');
  teller.events(followed.about(contact.contactId));
  teller.moral('Order and repetition do not matter: any webhook may come late, twice or regrouped.');
}

import { ago, numberChanged, somebody, someKeyHash, text } from './payload.ts';
import { becomes, deliver, withStatus } from './steps.ts';
import type { Stage, Story } from './story.ts';
import { phone } from './teller.ts';

const HOUR = 3_600;

/** A person takes another number; whoever gets the old one is somebody else. */
export const numberChange: Story = {
  about: 'somebody takes another number: the person goes along, blocked; who gets the old number is somebody else',
  tell,
};

async function tell({ doors, followed, teller }: Stage): Promise<void> {
  const [cleo, moved, hash] = [somebody('Cleo Demo'), somebody('Cleo Demo'), someKeyHash()];
  const stage = { doors, teller };

  teller.step(`Cleo is a customer, on ${phone(cleo.waId)}`);
  await deliver(stage, text(cleo, hash, ago(2 * HOUR), 'Thanks, it arrived!'));
  const before = await withStatus(stage, cleo.waId, 'clear');
  teller.identity(before);

  teller.step(`WhatsApp reports: she changed to ${phone(moved.waId)}`);
  await deliver(stage, numberChanged(cleo, moved, ago(HOUR)));
  const after = await withStatus(stage, moved.waId, 'blocked');
  teller.expect(after.contactId === before.contactId, `the new number is the same contact, ${after.contactId}`, () => after);
  teller.identity(after);
  teller.see('it is told, not proven: blocked until someone has verified her');

  teller.step(`Somebody writes from the old number, ${phone(cleo.waId)}`);
  const dan = { ...somebody('Dan Demo'), waId: cleo.waId };
  await deliver(stage, text(dan, someKeyHash(), ago(2), 'Hi, is this the shop?'));
  const stranger = await withStatus(stage, cleo.waId, 'clear');
  teller.expect(
    stranger.contactId !== before.contactId,
    `a new contact, ${stranger.contactId}: nothing of Cleo is carried over`,
    () => stranger,
  );

  teller.step('On-call calls Cleo on the new number and acknowledges');
  const { keyHash, version } = (await doors.contact(after.contactId)).identity;
  const decision = { keyHash, version, verdict: 'same_person', reason: 'verified on the new number' } as const;
  const answer = await doors.acknowledge(after.contactId, decision);
  teller.expect(answer.taken, '201: recorded', () => answer);
  teller.identity(await becomes(stage, after.contactId, 'clear'));

  teller.step('What every downstream system heard about Cleo');
  await followed.next(after.contactId, 'identity.acknowledged');
  await followed.next(after.contactId, 'contact.number_changed');
  teller.events(followed.about(after.contactId));
  teller.moral('A number is one person within a period: keyturn knows who held it when.');
}

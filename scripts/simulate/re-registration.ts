import { ago, somebody, someKeyHash, text } from './payload.ts';
import { becomes, deliver, withStatus } from './steps.ts';
import type { Stage, Story } from './story.ts';
import { coloured, phone } from './teller.ts';
import { until } from './until.ts';

const DAY = 86_400;

/** A second key hash blocks; a stale acknowledgement is refused; the right one releases. */
export const reRegistration: Story = {
  about: 'a number changes hands: clear → blocked → a stale acknowledgement is refused → acknowledged → clear',
  tell,
};

async function tell({ doors, followed, teller }: Stage): Promise<void> {
  const [ada, hashA, hashB] = [somebody('Ada Demo'), someKeyHash(), someKeyHash()];
  const stage = { doors, teller };

  teller.step(`Yesterday, Ada writes from ${phone(ada.waId)}. WhatsApp says: her account has key hash ${hashA}`);
  await deliver(stage, text(ada, hashA, ago(DAY), 'Where is my parcel?'));
  const known = await withStatus(stage, ada.waId, 'clear');
  teller.identity(known);
  teller.see('the first hash is the baseline: keyturn knows her now');

  teller.step(`Now the same number writes again, with key hash ${hashB}: the account was registered anew`);
  await deliver(stage, text(ada, hashB, ago(2), 'Please send it to another address'));
  const blocked = await withStatus(stage, ada.waId, 'blocked');
  teller.identity(blocked);
  teller.see('a new phone, or a new owner of the number? Nobody knows: blocked until someone decides');
  const queued = await until('the change is in the queue', async () => {
    const open = await doors.openChanges();
    return open.find(({ contactId }) => contactId === blocked.contactId);
  });
  teller.see(`on-call sees it in GET /v1/identity-changes, since ${queued.since}`);

  teller.step('A colleague whose page is from yesterday acknowledges what it shows');
  const decision = { verdict: 'same_person', reason: 'called back on the landline' } as const;
  const stale = await doors.acknowledge(blocked.contactId, { ...decision, keyHash: hashA, version: known.identity.version });
  teller.expect(
    !stale.taken && stale.reason === 'moved_on',
    `409, ${stale.taken ? '' : stale.reason}: a decision releases only the change that it names`,
    () => stale,
  );
  if (!stale.taken)
    teller.see(
      `the answer brings the present state: ${coloured(stale.identity.status)}, ${stale.identity.keyHash}, version ${stale.identity.version}`,
    );

  teller.step('On-call has verified Ada and acknowledges what there is: same person, this hash, this version');
  const { keyHash, version } = blocked.identity;
  const right = await doors.acknowledge(blocked.contactId, { ...decision, keyHash, version });
  teller.expect(right.taken, '201: recorded, with who, when and why', () => right);
  teller.identity(await becomes(stage, blocked.contactId, 'clear'));

  teller.step('What every downstream system heard, read back from identity.events.v1');
  await followed.next(blocked.contactId, 'identity.acknowledged');
  const told = followed.about(blocked.contactId).filter(({ type }) => type.startsWith('identity.'));
  teller.events(told);
  const types = told.map((event) => event.type.slice('identity.'.length)).join(' → ');
  teller.expect(types === 'hash_learned → blocked → acknowledged', `in order, each once: ${types}`, () => told);
  teller.moral('Between the change and the decision, nobody who asks keyturn would have written to a stranger.');
}

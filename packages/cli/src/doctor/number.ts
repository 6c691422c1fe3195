import { z } from 'zod';
import { type Numbered, overridden } from './account.ts';
import { type Doors, type Finding, type Fix, good, outcomeOf, refusedBecause, unreadable } from './finding.ts';

const Settings = z.looseObject({
  user_identity_change: z.looseObject({ enable_identity_key_check: z.boolean().optional(), enabled: z.boolean().optional() }).optional(),
});
const Configured = z.looseObject({
  webhook_configuration: z.looseObject({ phone_number: z.string().optional(), application: z.string().optional() }).optional(),
});
/** As the documentation and as the published schema call it: who refuses one may take the other
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers, read 2026-02;
 *  https://github.com/facebook/openapi, v23.0). */
const SPELLINGS = ['enable_identity_key_check', 'enabled'];
const INVALID_PARAMETER = 100;
const WHY = "While it is off no webhook carries a key hash, and a stranger on a known number can't be seen.";

/** Looks at one number: whether the identity check is on, and whether its messages go where the app's webhooks go. */
export async function lookAtNumber(doors: Doors, number: Numbered): Promise<Finding[]> {
  return [await identityCheck(doors, number), ...(await webhook(doors, number))];
}

async function identityCheck(doors: Doors, { id, name }: Numbered): Promise<Finding> {
  const check = 'identity check';
  const answer = await doors.graph.get(`${id}/settings`);
  if (answer.kind === 'refused') return unreadable(name, check, answer.refusal, WHY);
  const setting = Settings.safeParse(answer.body).data?.user_identity_change;
  const isOn = setting?.enable_identity_key_check ?? setting?.enabled;
  if (isOn === true) return good(name, check, 'is on');
  const fix: Fix = { says: `switch the identity check of ${name} on`, run: () => switchOn(doors, id) };
  if (isOn === false) return { about: name, check, state: 'bad', found: 'is off', why: WHY, fix };
  return {
    ...{ about: name, check, state: 'unreadable', fix: { ...fix, says: `${fix.says}; where it is on already, nothing changes` } },
    found: "can't be read: the platform does not show this setting. `keyturn numbers` says whether messages carry hashes",
    why: WHY,
  };
}

async function switchOn({ graph }: Doors, id: string): Promise<string | null> {
  let refused = '';
  for (const spelling of SPELLINGS) {
    const answer = await graph.post(`${id}/settings`, { user_identity_change: { [spelling]: true } }, { repeatable: true });
    if (answer.kind === 'ok') return null;
    refused = refusedBecause(answer.refusal);
    if (answer.refusal.code !== INVALID_PARAMETER) return refused;
  }
  return refused;
}

async function webhook({ graph }: Doors, { id, name }: Numbered): Promise<Finding[]> {
  const answer = await graph.get(id, { fields: 'webhook_configuration' });
  if (answer.kind === 'refused') return [unreadable(name, 'webhook override', answer.refusal, 'Its messages may go elsewhere.')];
  const { phone_number: own, application } = Configured.safeParse(answer.body).data?.webhook_configuration ?? {};
  if (own === undefined || own === '' || own === application) return [good(name, 'webhook override', 'there is none')];
  const body = { webhook_configuration: { override_callback_uri: '' } };
  const run = async () => outcomeOf(await graph.post(id, body, { repeatable: true }));
  return [overridden(name, own, { says: `take the override off ${name}, so that its messages go where its account's go`, run })];
}

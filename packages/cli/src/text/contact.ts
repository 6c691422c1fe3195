import type { BusinessBlock, ContactIdentifier, ContactJson } from '@keyturn/contracts';
import type { Named } from '../console/named-actors.ts';
import type { Colors } from './colors.ts';
import { plain } from './plain.ts';
import { exact, when } from './when.ts';
import { consentWords, evidenceLine, named, whoIs } from './words.ts';

/** All that is known of a contact, what matters first. */
export function contactText(contact: ContactJson, now: Date, colors: Colors, named: Named): string[] {
  const { contactId, scope, profileName, username, identity, consent, serviceWindows, businessBlock } = contact;
  const name = [profileName, username === null ? null : `@${username}`].filter((one) => one !== null).join(' ');
  return [
    ...identityText(contact, now, colors),
    ...(businessBlock === null ? [] : [colors.red(plain(blockText(businessBlock, now, named)))]),
    '',
    line('Contact', `${contactId} (scope ${scope})`),
    ...(name === '' ? [] : [line('Name', plain(name))]),
    ...block('Holds', contact.identifiers.map(held)),
    ...block(
      'Keys',
      identity.keyHashes.map(({ phoneNumberId, keyHash }) => plain(`${phoneNumberId}: ${keyHash ?? 'unknown'}`)),
    ),
    ...block(
      'Consent',
      Object.entries(consent).map(([category, status]) => `${category}: ${consentWords(status, now)}`),
    ),
    ...block(
      'Windows',
      serviceWindows.map(({ phoneNumberId, endsAt }) => plain(`${phoneNumberId} open, ends ${when(endsAt, now)}`)),
    ),
  ];
}

function blockText({ blockedAt, reason, actor, wroteAt }: BusinessBlock, now: Date, named: Named): string {
  const wrote = wroteAt === null ? '' : ` They wrote ${when(wroteAt, now)}.`;
  return `Blocked by choice ${when(blockedAt, now)} by ${named(actor)}: ${reason}.${wrote}`;
}

/** Whether somebody else may be there, and what speaks for it. */
export function identityText(
  { identifiers, identity }: Pick<ContactJson, 'identifiers' | 'identity'>,
  now: Date,
  colors: Colors,
): string[] {
  const who = whoIs(identifiers);
  if (identity.status === 'unknown') return [`No message with a key has come from ${who} yet, so a change could not be seen.`];
  if (identity.status === 'clear') return [`Nothing awaits a decision about ${who}.`];
  return [
    colors.red(`Somebody else may hold ${who}. Sending is blocked until someone decides.`),
    line('Blocked', identity.blockedAt === null ? '' : when(identity.blockedAt, now)),
    ...block(
      'Evidence',
      identity.evidence.map((one) => evidenceLine(one, now)),
    ),
    line('To decide', `on key ${identity.keyHash ?? '(none known)'}, version ${identity.version}`),
  ];
}

const line = (label: string, text: string) => `${label.padEnd(10)} ${text}`;
const block = (label: string, texts: readonly string[]) => texts.map((text, i) => line(i === 0 ? label : '', text));
function held(identifier: ContactIdentifier): string {
  const { validFrom, validTo } = identifier;
  const since = validFrom === null ? '' : ` since ${exact(validFrom)}`;
  return `${named(identifier)}${since}${validTo === null ? '' : ` until ${exact(validTo)}`}`;
}

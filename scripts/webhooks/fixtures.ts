import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../packages/normalize/fixtures/', import.meta.url);

/** The fixtures that stand for what nobody knows. Only of them may anything be kept as `webhook.unrecognized`. */
export const unknownFixtures: readonly string[] = [
  'batch.multi_entry_multi_change',
  'messages.system.unknown_subtype',
  'messages.unknown_future_type',
  'statuses.unknown_status',
  'unknown_field.tracking_events',
];

/** A fixture, or one with a word of it changed: what the platform documents and nobody has a sample of. */
export type Sample = { readonly fixture: string; readonly changed?: readonly [from: string, to: string] };

const named = (fixture: string, word: string, ...others: readonly string[]): Sample[] =>
  others.map((other) => ({ fixture, changed: [`"${word}"`, `"${other}"`] }));
/** The rest of what the platform names: each differs from a fixture by one word. */
const changed: readonly Sample[] = [
  ...named('statuses.read', 'read', 'warning'),
  ...named('statuses.payment', 'captured', 'pending', 'failed'),
  ...named('calls.status.ringing', 'RINGING', 'ACCEPTED', 'REJECTED'),
  ...named('account_update.account_deleted', 'ACCOUNT_DELETED', 'VERIFIED_ACCOUNT', 'PARTNER_APP_UNINSTALLED'),
  ...named('account_update.account_deleted', 'ACCOUNT_DELETED', 'PARTNER_CLIENT_CERTIFICATION_NEEDED'),
  ...named('account_review_update', 'APPROVED', 'REJECTED', 'PENDING', 'DEFERRED'),
  ...named('flows.endpoint_error_rate', 'ENDPOINT_ERROR_RATE', 'CLIENT_ERROR_RATE', 'ENDPOINT_LATENCY', 'ENDPOINT_AVAILABILITY'),
  ...named('security.pin_changed', 'PIN_CHANGED', 'PIN_REQUEST_SUCCESS'),
  ...['CHANGE_NUMBER', 'BUSINESS_DOWNGRADE', 'ACCOUNT_DISCONNECTED', 'COMPANION_INACTIVITY', 'PRIMARY_INACTIVITY'].flatMap((reason) =>
    named('account_update.partner_removed.user_re_registered', 'USER_RE_REGISTERED', reason),
  ),
  ...named('phone_number_quality_update', 'THROUGHPUT_UPGRADE', 'UPGRADE', 'DOWNGRADE', 'FLAGGED', 'UNFLAGGED'),
  // Other names of the same fields.
  ...named('business_username_updates.approved', 'business_username_updates', 'phone_number_username_update'),
  ...named('group_participants_update.add', 'group_participants_update', 'group_participant_update'),
  ...named('smb_message_echoes.text', 'smb_message_echoes', 'message_echoes'),
  ...named('template_category_update.impending', 'template_category_update', 'template_correct_category_detection'),
];

/** Everything that the table has rows of. */
export const samples: readonly Sample[] = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ fixture: name.slice(0, -'.json'.length) })),
  ...changed,
];

/** The bytes of a sample. Throws where its word is not in the fixture. */
export function bodyOf({ fixture, changed: by }: Sample): Buffer {
  const text = readFileSync(new URL(`${fixture}.json`, folder), 'utf8');
  if (by && !text.includes(by[0])) throw new Error(`${fixture} does not have ${by[0]}`);
  return Buffer.from(by ? text.replaceAll(by[0], by[1]) : text);
}

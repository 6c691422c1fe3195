import type { ConsentView, ContactIdentifier, Evidence, IdentityView } from '@keyturn/contracts';
import { plain } from './plain.ts';
import { relative, when } from './when.ts';

const kinds: Record<Evidence['kind'], string> = {
  hash: 'key changed',
  mismatch: 'send failed (137000)',
  legacy: 'account registered anew',
  number_change: 'number changed',
  number_lost: 'number went to somebody else',
  bsuid: 'number and id disagree',
  undecided: 'an event could not be read',
};

/** A kind of evidence in words. */
export const signalWords = (kind: Evidence['kind']): string => kinds[kind] ?? kind;

/** What happened, in words, each once: \`key changed · send failed (137000)\`. */
export const whatHappened = ({ evidence }: IdentityView): string => [...new Set(evidence.map(({ kind }) => kinds[kind]))].join(' · ');

/** One piece of evidence in a line. */
export function evidenceLine({ kind, code, keyHash, identifier, phoneNumberId, firstAt, lastAt, detail }: Evidence, now: Date): string {
  const known = code === 'known_key_hash' ? ', the one known' : '';
  const what = kind === 'hash' ? `message with key ${keyHash}${known}` : `${kinds[kind]}${keyHash === null ? '' : `, key ${keyHash}`}`;
  const where = [
    phoneNumberId === null ? '' : ` to ${phoneNumberId}`,
    identifier === null ? '' : ` from ${named(identifier)}`,
    detail === null ? '' : ` (${detail})`,
  ];
  return plain(`${when(firstAt, now)}  ${what}${where.join('')}${lastAt === firstAt ? '' : `, last ${relative(lastAt, now)}`}`);
}

/** An identifier as people know it: a number with its plus. */
export const named = ({ kind, value }: Pick<ContactIdentifier, 'kind' | 'value'>): string =>
  plain(kind === 'wa_id' ? `+${value}` : kind === 'bsuid' ? `BSUID ${value}` : `parent BSUID ${value}`);

/** Whom to show for a contact: its number, else its id; of one that holds nothing any more, what it held. */
export function whoIs(identifiers: readonly ContactIdentifier[]): string {
  const now = identifiers.filter(({ validTo }) => validTo === null);
  const among = now.length > 0 ? now : identifiers;
  const first = among.find(({ kind }) => kind === 'wa_id') ?? among.find(({ kind }) => kind === 'bsuid') ?? among[0];
  if (first === undefined) return 'nobody';
  return now.length > 0 ? named(first) : `the former holder of ${named(first)}`;
}

/** One category in words: \`opted in 3 d ago by customer_thread\`. */
export function consentWords({ status, source, occurredAt }: ConsentView[keyof ConsentView], now: Date): string {
  if (status === 'none') return 'none';
  return `${status.replace('_', ' ')}${occurredAt === null ? '' : ` ${relative(occurredAt, now)}`}${source === null ? '' : ` by ${source}`}`;
}

import type { AlertFacts, AlertLanguage, AlertMessage, Share } from '@keyturn/contracts';
import { meaningOf } from '../account/platform-codes.ts';
import { ourNumber, ourNumberWithId } from './our-number.ts';
import type { Words } from './words.ts';
import { arabic } from './words-ar.ts';
import { english } from './words-en.ts';

/** An alert in words: a title of one line that names nobody, and what there is to say, each with its label. */
export type AlertText = {
  readonly title: string;
  readonly lines: readonly (readonly [label: string, text: string])[];
  readonly action: string;
};
/** The words of each language. */
export const alertWords: { readonly [Language in AlertLanguage]: Words } = { en: english, ar: arabic };

/** What is told of an alert. `repeat`: it may have been told before, and says so. */
export function sayAlert(message: AlertMessage, language: AlertLanguage, repeat: boolean): AlertText {
  const words = alertWords[language];
  const { facts, rule } = message;
  const title = words.message[message.message](words.what[facts.what](facts, facts.count ?? 0), message);
  return {
    title: repeat ? `${words.repeat} ${title}` : title,
    lines: [...linesOf(facts, words), ...(rule === null ? [] : [[words.labels.rule, words.apart(rule)] as const])],
    action: actionOf(message, words),
  };
}

function linesOf(facts: AlertFacts, words: Words): (readonly [string, string])[] {
  const { labels } = words;
  const apart = (text: string | null | undefined) => (text == null ? null : words.apart(text));
  const count = facts.count ?? 0;
  const shares = (all: readonly Share[], said: (value: string) => string) =>
    all.map((one) => words.share(said(one.value), one.count, count)).join(words.separator);
  const one = count === 1 ? facts.examples[0] : undefined;
  const lines: [string, string | null][] = [
    [labels.subject, facts.subject === null ? null : ourNumberWithId(facts, facts.subject, words)],
    [labels.who, apart(one?.number)],
    [labels.signals, shares(facts.signals, (signal) => words.signals[signal] ?? words.apart(signal))],
    [labels.numbers, shares(facts.phoneNumberIds, (id) => ourNumber(facts, id, words))],
    [labels.ranges, shares(facts.ranges, (range) => words.apart(`${range}…`))],
    [labels.optedIn, facts.optedIn === 0 ? null : words.optedIn(facts.optedIn, count)],
    [labels.since, facts.since === null ? null : words.instant(facts.since)],
    [isRestriction(facts) ? labels.mayNot : labels.detail, detailOf(facts, words)],
    [labels.check, words.check[facts.what] ?? null],
  ];
  return lines.filter((line): line is [string, string] => line[1] !== null && line[1] !== '');
}

/** Whether the detail is something that a number may not do. */
const isRestriction = ({ what, detail }: AlertFacts): boolean => what === 'number_restricted' && /^RESTRICTED_/.test(detail ?? '');

/** What was said of a cause: a code of the platform in words, and the code, which is what one searches for. */
function detailOf({ what, detail }: AlertFacts, { codes, apart }: Words): string | null {
  if (detail === null) return null;
  const isCode = what === 'number_restricted' || what === 'number_lost';
  const meaning = isCode ? meaningOf(codes, detail) : null;
  return meaning === null ? apart(detail) : `${meaning} (${apart(detail)})`;
}

/** What there is to do: where it is over, or nothing waits, no more than to look. */
const actionOf = ({ message, facts: { what, count } }: AlertMessage, { action }: Words): string =>
  what !== 'identity_changes' || message === 'resolved' || count === 0 ? action.other : count === 1 ? action.one : action.many;

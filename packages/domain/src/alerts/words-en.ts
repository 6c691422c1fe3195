import { type AlertFacts, plain } from '@keyturn/contracts';
import { platformCodes } from '../account/platform-codes.ts';
import { ourNumber } from './our-number.ts';
import type { Words } from './words.ts';

const counted = (count: number, one: string, many: string) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
function lasting(seconds: number): string {
  if (seconds < 120) return counted(Math.round(seconds), 'second', 'seconds');
  if (seconds < 7_200) return counted(Math.round(seconds / 60), 'minute', 'minutes');
  return counted(Math.round(seconds / 3_600), 'hour', 'hours');
}
const instant = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
const separator = ', ';
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** What runs from right to left would take the digits after it along. */
function apart(text: string): string {
  const safe = plain(text);
  return FROM_RIGHT.test(safe) ? `\u2068${safe}\u2069` : safe;
}
const named = ({ subject }: { subject: string | null }) => apart(subject ?? '–');
const ours = (facts: AlertFacts) => ourNumber(facts, facts.subject ?? '–', { apart, separator });

/** English. */
export const english: Words = {
  what: {
    identity_changes: (_facts, count) =>
      count === 1
        ? 'Somebody else may hold a customer’s number'
        : `${count.toLocaleString('en')} customers’ numbers may have other holders`,
    number_flagged: (facts) => `The quality of number ${ours(facts)} is down`,
    number_restricted: (facts) => `Number ${ours(facts)} is restricted`,
    number_lost: (facts) => `Number ${ours(facts)} is no longer connected`,
    check_off: (facts) => `The identity check is off for number ${ours(facts)}`,
    check_falling: (facts) => `The identity check of number ${ours(facts)} sees less than it did`,
    consumer_late: (facts, count) => `The consumer ${named(facts)} has not been current for ${lasting(count)}`,
    outbox_late: (_facts, count) => `What changed has not been told downstream for ${lasting(count)}`,
    dead_letters: (facts, count) => `The consumer ${named(facts)} could not decide on ${counted(count, 'record', 'records')}`,
    ungated_sends: (facts, count) => `${counted(count, 'message', 'messages')} of number ${ours(facts)} went past the gate`,
    no_webhooks: (facts, count) =>
      `Nothing has come from WhatsApp since ${facts.since === null ? '–' : instant(facts.since)}: ${count.toLocaleString('en')} webhooks are usual in that time`,
    route_failing: (facts) => `Alerts do not get through to ${named(facts)}`,
    test: () => 'A test of keyturn’s alerts',
  },
  check: {
    no_webhooks:
      'That your webhook address answers from outside; in the Meta app dashboard, that the webhook is subscribed and the app is not restricted (keyturn doctor); metastatus.com',
  },
  signals: {
    hash: 'another key hash',
    mismatch: 'a send was refused',
    legacy: 'registered anew',
    number_change: 'number changed',
    number_lost: 'number taken over',
    bsuid: 'ids disagree',
    undecided: 'an event could not be decided on',
  },
  codes: platformCodes.en,
  labels: {
    ...{ since: 'Since', signals: 'Signal', numbers: 'Our number', ranges: 'Numbers begin with', optedIn: 'At stake' },
    ...{ who: 'Who', subject: 'Which', detail: 'Details', mayNot: 'May not', check: 'Check first', rule: 'Rule', count: 'How many' },
  },
  message: {
    opened: (title) => title,
    updated: (title) => `More: ${title}`,
    escalated: (title, { untakenMinutes }) => `Nobody took it for ${counted(untakenMinutes ?? 0, 'minute', 'minutes')}: ${title}`,
    taken: (title, { by, byName }) => `Taken by ${apart(byName ?? by ?? '–')}: ${title}`,
    resolved: (title) => `Over: ${title}`,
    digest: (_title, { facts }) =>
      (facts.count ?? 0) === 0
        ? 'keyturn: nothing awaits a decision'
        : `keyturn: ${counted(facts.count ?? 0, 'change awaits', 'changes await')} a decision`,
    test: (title) => title,
  },
  share: (value, count, of) => (count >= of ? value : `${value} (${count.toLocaleString('en')} of ${of.toLocaleString('en')})`),
  optedIn: (count, of) =>
    of === 1 ? 'opted in to something' : `${count.toLocaleString('en')} of ${of.toLocaleString('en')} opted in to something`,
  lasting,
  repeat: '[repeat]',
  action: { one: 'Decide', many: 'See them all', other: 'Open keyturn' },
  instant,
  apart,
  separator,
};

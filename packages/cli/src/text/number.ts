import type { AccountEntryJson, CoverageDayJson, GateDayJson, PhoneNumberDetailJson, PhoneNumberJson } from '@keyturn/contracts';
import type { Colors } from './colors.ts';
import { plain } from './plain.ts';
import { table } from './table.ts';
import { exact, relative, when } from './when.ts';

/** All numbers in a table, with what an operator has to know of them first. */
export function numbersText(numbers: readonly PhoneNumberJson[], now: Date, colors: Colors): string[] {
  if (numbers.length === 0) return ['No number of ours was heard of yet: nobody has written to one, and the platform has said nothing.'];
  const rows = numbers.map((number) => [
    shownNumber(number),
    number.phoneNumberId ?? '?',
    plain(number.verifiedName ?? '?'),
    number.messagingLimit?.limit ?? '?',
    number.quality?.status ?? '?',
    `${number.identityCheck.status}${sinceHash(number, now)}`,
    plain(troublesOf(number).join(', ')),
  ]);
  const heading = ['NUMBER', 'ID', 'NAME', 'LIMIT', 'QUALITY', 'CHECK', 'TROUBLE'];
  const off = numbers.filter(({ identityCheck }) => identityCheck.status === 'off').length;
  if (off === 0) return table(heading, rows);
  const warning = `The identity check is off for ${off} of these: a stranger on a known number can't be seen there. keyturn doctor says how to switch it on.`;
  return [...table(heading, rows), '', colors.red(warning)];
}

/** One number, with its history and its coverage by day. */
export function numberText(number: PhoneNumberDetailJson, now: Date, colors: Colors): string[] {
  const {
    phoneNumberId,
    wabaId,
    verifiedName,
    name,
    username,
    quality,
    messagingLimit,
    calling,
    security,
    account,
    history,
    coverage,
    gate = [],
  } = number;
  return [
    `${shownNumber(number)}  ${plain(verifiedName ?? '(no approved name known)')}`,
    ...checkText(number, now, colors),
    ...line('Id', phoneNumberId && `${phoneNumberId}${wabaId === null ? '' : ` (account ${wabaId})`}`),
    ...line('Name', name && `${name.decision}: ${name.requestedName ?? '?'}${beside(name.rejectionReason)}${since(name.at, now)}`),
    ...line('Username', username && `${username.username ?? '?'} ${username.status}${since(username.at, now)}`),
    ...line('Quality', quality && `${quality.status}${since(quality.at, now)}`),
    ...line('Limit', messagingLimit && `${messagingLimit.limit}${since(messagingLimit.at, now)}`),
    ...line('Calling', calling && `${calling.status}${since(calling.at, now)}`),
    ...line('PIN', security && `${security.event}${since(security.at, now)}`),
    ...line('Business', account?.capability && `may begin ${account.capability.limit ?? '?'} conversations a day`),
    ...pastGate(gate, colors),
    ...troublesOf(number).map((trouble) => colors.red(plain(`Trouble    ${trouble}`))),
    ...(coverage.length === 0 ? [] : ['', ...table(['DAY', 'MESSAGES', 'WITH HASH', 'SHARE'], coverage.map(dayRow))]),
    ...(gate.length === 0 ? [] : ['', ...table(['DAY', 'ALLOWED', 'DENIED', 'PAST THE GATE'], gate.map(gateRow))]),
    ...(history.length === 0 ? [] : ['', ...table(['WHEN', 'ABOUT', 'WHAT', ''], history.map(entryRow))]),
  ];
}

const shownNumber = ({ displayNumber }: PhoneNumberJson) => (displayNumber === null ? '?' : plain(`+${displayNumber}`));
const since = (at: string | null, now: Date) => (at === null ? '' : `, ${when(at, now)}`);
const beside = (text: string | null) => (text === null ? '' : ` (${text})`);
const line = (label: string, text: string | null | undefined) => (text ? [plain(`${label.padEnd(10)} ${text}`)] : []);

const sinceHash = ({ identityCheck: { status, lastHashAt } }: PhoneNumberJson, now: Date) => {
  if (status !== 'off' && status !== 'partly') return '';
  return lastHashAt === null ? ', never a hash' : `, last hash ${relative(lastHashAt, now)}`;
};

function checkText({ identityCheck: { status, newest, lastHashAt, lastMessageAt } }: PhoneNumberJson, now: Date, colors: Colors): string[] {
  const counted = `of the newest ${newest.messages} messages ${newest.withHash} carried a key hash`;
  const last = lastHashAt === null ? 'none ever did' : `the last did ${when(lastHashAt, now)}`;
  const text =
    newest.messages === 0
      ? 'nobody has written to it yet'
      : `${counted}; ${last}; the newest message came ${when(lastMessageAt ?? '', now)}`;
  const shown = `Check      ${status}: ${text}`;
  return [status === 'off' ? colors.red(shown) : shown];
}

/** What nothing judged, of the days that are shown. */
function pastGate(gate: readonly GateDayJson[], colors: Colors): string[] {
  const days = gate.filter(({ ungated }) => ungated > 0);
  const [last] = days;
  if (last === undefined) return [];
  const messages = days.reduce((sum, { ungated }) => sum + ungated, 0);
  return [colors.red(`Gate       ${messages} sent past it since ${days.at(-1)?.day}, the last on ${last.day}: nothing judged them`)];
}

/** What stands against a number, or its account, now. */
function troublesOf({ connection, quality, alert, account }: PhoneNumberJson): string[] {
  return [
    ...(connection.status === 'disconnected' ? [`disconnected (${connection.reason ?? connection.event ?? '?'})`] : []),
    ...(quality?.status === 'flagged' ? ['quality is flagged'] : []),
    ...(alert === null ? [] : [`alert ${alert.alert}`]),
    ...(account?.connection.status === 'disconnected' ? [`account disconnected (${account.connection.event ?? '?'})`] : []),
    ...(account?.ban && account.ban.state !== 'REINSTATE' ? [`account ban ${account.ban.state}`] : []),
    ...(account?.violation ? [`violation ${account.violation.type}`] : []),
    ...(account?.restrictions ?? []).map(
      ({ restriction, expiresAt }) => `${restriction}${expiresAt === null ? '' : ` until ${exact(expiresAt)}`}`,
    ),
  ];
}

const dayRow = ({ day, messages, withHash, share, exact: counted }: CoverageDayJson) => {
  const about = counted ? '' : 'about ';
  return [day, `${about}${messages}`, `${about}${withHash}`, `${Math.round(share * 1_000) / 10} %`];
};
const gateRow = ({ day, allowed, denied, ungated }: GateDayJson) => [day, String(allowed), String(denied), String(ungated)];
const entryRow = ({ occurredAt, recordedAt, about, type, detail }: AccountEntryJson) => [
  exact(occurredAt ?? recordedAt),
  about,
  type,
  plain(
    Object.entries(detail)
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' '),
  ),
];

import type { IdentityCheckJson, PhoneNumberJson, TemplateJson, WabaJson } from '@keyturn/contracts';
import { instantOf } from '../seconds.ts';
import { checkOf } from './newest.ts';
import { later, type Registers, type Said } from './register.ts';
import type { NumberValues, SubjectState, TemplateValues, WabaValues } from './subjects.ts';

const instant = (seconds: number | null): string | null => (seconds === null ? null : instantOf(seconds));
const at = (said: Said<unknown>) => ({ at: instant(said.at) });

/** What everybody may know of a number of ours. `byId`: what was said of its id; `byDisplay`: of the number itself; `account`: of its account. */
export function numberView(
  phoneNumberId: string | null,
  displayNumber: string | null,
  { byId, byDisplay, account }: { byId: SubjectState; byDisplay: SubjectState; account: SubjectState | null },
  now: Date,
): PhoneNumberJson {
  const [one, other] = [byId.registers as Registers<NumberValues>, byDisplay.registers as Registers<NumberValues>];
  const said = <Name extends keyof NumberValues>(name: Name): Said<NumberValues[Name]> | null =>
    later<NumberValues[Name]>(one[name], other[name]) ?? null;
  const wabaId = said('waba')?.value.wabaId ?? null;
  const { name, username, quality, limit, throughput, security, calling } = {
    ...{ name: said('name'), username: said('username'), quality: said('quality'), limit: said('limit') },
    ...{ throughput: said('throughput'), security: said('security'), calling: said('calling') },
  };
  return {
    ...{ phoneNumberId, displayNumber, wabaId, connection: connectionView(said('connection')) },
    verifiedName: said('verifiedName')?.value.name ?? null,
    name: name && {
      decision: name.value.decision,
      requestedName: name.value.requestedName ?? null,
      rejectionReason: name.value.rejectionReason ?? null,
      ...at(name),
    },
    username: username && { username: username.value.username ?? null, status: username.value.status, ...at(username) },
    quality: quality && { ...quality.value, ...at(quality) },
    messagingLimit: limit && { limit: limit.value.limit, previous: limit.value.previous ?? null, ...at(limit) },
    throughput: throughput && { ...throughput.value, ...at(throughput) },
    security: security && { ...security.value, ...at(security) },
    calling: calling && { ...calling.value, ...at(calling) },
    alert: alertView(said('alert')),
    identityCheck: checkView(byId),
    account: wabaId === null || account === null ? null : wabaView(wabaId, account, now),
  };
}

/** What everybody may know of an account of ours: of its restrictions those that hold now. */
function wabaView(wabaId: string, state: SubjectState, now: Date): WabaJson {
  const { connection, review, ban, violation, restrictions, capability, alert } = state.registers as Registers<WabaValues>;
  return {
    wabaId,
    connection: connectionView(connection ?? null),
    review: review === undefined ? null : { ...review.value, ...at(review) },
    ban: ban === undefined ? null : { ...ban.value, ...at(ban) },
    violation: violation === undefined ? null : { ...violation.value, ...at(violation) },
    restrictions: (restrictions?.value.restrictions ?? [])
      .map(({ restriction, expiresAt = null }) => ({ restriction, expiresAt, since: instant(restrictions?.at ?? null) }))
      .filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now.getTime()),
    capability:
      capability === undefined
        ? null
        : { limit: capability.value.limit ?? null, phoneNumbersMax: capability.value.phoneNumbersMax ?? null, ...at(capability) },
    alert: alertView(alert ?? null),
  };
}

/** What everybody may know of a template. `templateId`: null where it has none that can be kept. */
export function templateView(templateId: string | null, state: SubjectState): TemplateJson {
  const { named, status, category, nextCategory, quality, content } = state.registers as Registers<TemplateValues>;
  const next = nextCategory?.value.next ?? null;
  return {
    ...{ templateId, wabaId: named?.value.wabaId ?? '', name: named?.value.name ?? '', language: named?.value.language ?? null },
    status:
      status === undefined
        ? null
        : { status: status.value.status, reason: status.value.reason ?? null, detail: status.value.detail ?? null, ...at(status) },
    category: category === undefined ? null : { ...category.value, ...at(category) },
    nextCategory: nextCategory === undefined || next === null ? null : { category: next, ...at(nextCategory) },
    quality: quality === undefined ? null : { quality: quality.value.quality, previous: quality.value.previous ?? null, ...at(quality) },
    contentChangedAt: instant(content?.at ?? null),
  };
}

/** Whether the identity check is on, as the messages to a number show. */
export function checkView({ newest = [], lastHashAt = null }: SubjectState): IdentityCheckJson {
  const { status, ...counts } = checkOf(newest);
  return { status, newest: counts, lastMessageAt: instant(newest[0]?.[0] ?? null), lastHashAt: instant(lastHashAt) };
}

function connectionView(said: Said<NumberValues['connection']> | null): PhoneNumberJson['connection'] {
  if (said === null) return { status: 'unknown', event: null, reason: null, since: null };
  const { connected, event, reason = null } = said.value;
  return { status: connected ? 'connected' : 'disconnected', event, reason, since: instant(said.at) };
}
const alertView = (said: Said<NumberValues['alert']> | null): PhoneNumberJson['alert'] =>
  said && { alert: said.value.alert, severity: said.value.severity ?? null, status: said.value.status ?? null, ...at(said) };

import type { AccountEvent } from '@keyturn/contracts';
import { secondOf } from '../seconds.ts';
import type { Registers } from './register.ts';
import type { NumberValues, Subject, SubjectKind, SubjectState, TemplateValues, WabaValues } from './subjects.ts';

/** What an event says, and of whom. */
export type Statement = { readonly of: Subject; readonly says: SubjectState['registers'] };
type Event<Type extends AccountEvent['type']> = Extract<AccountEvent, { type: Type }>;

/** Everything an event says that is kept; nothing where it is about none of ours. What the platform said at no time is said before all that has one. */
export function statementsOf(event: AccountEvent): readonly Statement[] {
  switch (event.type) {
    case 'phone_number.quality_changed':
      return aboutNumber(event, qualityOf(event));
    case 'phone_number.name_decided':
      return aboutNumber(event, nameOf(event));
    case 'phone_number.security_reported':
      return aboutNumber(event, { security: { event: event.event } });
    case 'phone_number.settings_changed':
      return aboutNumber(event, event.callingStatus === undefined ? {} : { calling: { status: event.callingStatus } });
    case 'business_username.changed':
      return aboutNumber(event, { username: { username: event.username, status: event.status } });
    case 'account.updated':
      return updateOf(event);
    case 'account.reviewed':
      return aboutWaba(event, { review: { decision: event.decision } });
    case 'account.alerted':
      return alertOf(event);
    case 'business_capability.changed':
      return aboutWaba(event, { capability: { limit: event.limit, phoneNumbersMax: event.phoneNumbersMax } });
    case 'template.status_changed':
    case 'template.quality_changed':
    case 'template.content_changed':
    case 'template.category_changed':
      return aboutTemplate(event);
    default:
      return [];
  }
}

type Timed = Pick<Event<'account.updated'>, 'id' | 'occurredAt' | 'flags'>;
/** In whole seconds; null: the platform did not say when. */
export const saidAt = ({ occurredAt, flags }: Omit<Timed, 'id'>): number | null =>
  flags?.includes('time_impossible') ? null : secondOf(occurredAt);

function says<Values>(event: Timed, values: { readonly [Name in keyof Values]?: Values[Name] | undefined }): Registers<Values> {
  const [at, id] = [saidAt(event), event.id];
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.map(([name, value]) => [name, { value, at, id }])) as Registers<Values>;
}

type Ours = Timed & { readonly wabaId: string; readonly phoneNumberId?: string | undefined; readonly displayNumber?: string | undefined };
type Said<Values> = { readonly [Name in keyof Values]?: Values[Name] | undefined };

function aboutNumber(event: Ours, values: Said<NumberValues>): Statement[] {
  const of = numberOf(event);
  if (of === null || Object.keys(values).length === 0) return [];
  return [{ of, says: says<NumberValues>(event, { waba: { wabaId: event.wabaId }, ...values }) }];
}
function numberOf({ phoneNumberId, displayNumber }: Ours): Subject | null {
  if (phoneNumberId !== undefined) return { kind: 'number', id: phoneNumberId };
  return displayNumber === undefined ? null : { kind: 'display', id: displayNumber };
}
const aboutWaba = (event: Ours, values: Said<WabaValues>): Statement[] => [
  { of: { kind: 'waba', id: event.wabaId }, says: says<WabaValues>(event, values) },
];

/** What the platform's word says of a number's quality. */
export const flagged: Readonly<Record<string, 'flagged' | 'unflagged'>> = { FLAGGED: 'flagged', UNFLAGGED: 'unflagged' };
function qualityOf({ event, limit, previousLimit }: Event<'phone_number.quality_changed'>): Said<NumberValues> {
  const status = flagged[event];
  return {
    quality: status && { status },
    limit: limit === undefined ? undefined : { limit, previous: previousLimit },
    throughput: event.startsWith('THROUGHPUT') ? { event } : undefined,
  };
}

const nameOf = ({ decision, requestedName, rejectionReason }: Event<'phone_number.name_decided'>): Said<NumberValues> => ({
  name: { decision, requestedName, rejectionReason },
  verifiedName: decision === 'APPROVED' && requestedName !== undefined ? { name: requestedName } : undefined,
});

/** After these, what stood on the platform is ours no longer, or again. */
const connects: Readonly<Record<string, boolean>> = {
  ACCOUNT_DELETED: false,
  ACCOUNT_OFFBOARDED: false,
  ACCOUNT_RECONNECTED: true,
  PARTNER_ADDED: true,
  PARTNER_APP_INSTALLED: true,
  PARTNER_APP_UNINSTALLED: false,
  PARTNER_REMOVED: false,
};
function updateOf(event: Event<'account.updated'>): Statement[] {
  const { event: name, disconnection, banState, violationType, restrictions } = event;
  const connected = connects[name] ?? (disconnection === undefined ? undefined : false);
  const connection = connected === undefined ? undefined : { connected, event: name, reason: disconnection?.reason };
  const ofNumber = event.displayNumber !== undefined || event.phoneNumberId !== undefined;
  return [
    ...(ofNumber && connection !== undefined ? aboutNumber(event, { connection }) : []),
    ...aboutWaba(event, {
      connection: ofNumber ? undefined : connection,
      ban: banState === undefined ? undefined : { state: banState },
      violation: violationType === undefined ? undefined : { type: violationType },
      restrictions: restrictions && { restrictions },
    }),
  ];
}

function alertOf(event: Event<'account.alerted'>): Statement[] {
  const { entityType, entityId, alert, severity, status } = event;
  const of: SubjectKind = entityType === 'PHONE_NUMBER' && entityId !== undefined ? 'number' : 'waba';
  if (of === 'waba') return aboutWaba(event, { alert: { alert, severity, status } });
  return aboutNumber({ ...event, phoneNumberId: entityId }, { alert: { alert, severity, status } });
}

type TemplateEvent = Event<`template.${'status' | 'quality' | 'content' | 'category'}_changed`>;
function aboutTemplate(event: TemplateEvent): Statement[] {
  const { wabaId, templateId, name, language } = event;
  const id = templateId ?? `${wabaId}/${name}/${language ?? ''}`;
  return [
    { of: { kind: 'template', id }, says: says<TemplateValues>(event, { named: { wabaId, name, language }, ...templateSays(event) }) },
  ];
}

function templateSays(event: TemplateEvent): Said<TemplateValues> {
  const category = 'category' in event && event.category !== undefined ? { category: event.category } : undefined;
  switch (event.type) {
    case 'template.status_changed':
      return { status: { status: event.status, reason: event.reason, detail: event.detail }, category };
    case 'template.quality_changed':
      return { quality: { quality: event.quality, previous: event.previousQuality } };
    case 'template.content_changed':
      return { content: { buttonTypes: event.buttonTypes } };
    case 'template.category_changed':
      return { category, nextCategory: { next: event.stage === 'impending' ? (event.nextCategory ?? null) : null } };
  }
}

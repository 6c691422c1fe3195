import type {
  AcknowledgementJson,
  AcknowledgementRequest,
  ActorJson,
  AlertDeliveryJson,
  AlertJson,
  AlertRouteJson,
  AlertRuleJson,
  ApiKeyJson,
  AuditEntryJson,
  BulkDecisionJson,
  BusinessBlockHistory,
  ContactJson,
  ContactMessageJson,
  ContactSearchRequest,
  DeadLetterJson,
  DecisionPreviewJson,
  ExposureJson,
  HealthJson,
  IdentityChangeCountsJson,
  IdentityChangeJson,
  MemberJson,
  PhoneNumberDetailJson,
  PhoneNumberJson,
  RetainedJson,
  RunbookForJson,
  RunbookJson,
  SessionJson,
  TimelineEntryJson,
  WebhookCountsJson,
  WebhookSpan,
} from '@keyturn/contracts';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from './request.ts';

/** A page of a list. */
export type PageOf<Item> = { readonly items: Item[]; readonly nextCursor: string | null };
/** A path with these parameters; what is undefined is left out. */
export function pathWith(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`;
}

const paged = <Item>(key: readonly unknown[], path: string, query: Readonly<Record<string, string | undefined>>) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => request<PageOf<Item>>('GET', pathWith(path, { ...query, cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });

/** The open changes that fit a filter, oldest first. */
export const changesQuery = (filter: Readonly<Record<string, string | undefined>>) =>
  paged<IdentityChangeJson>(['changes', filter], '/v1/identity-changes', { ...filter, limit: '50' });
/** All that is known of a contact. */
export const contactQuery = (contactId: string) =>
  queryOptions({ queryKey: ['contact', contactId], queryFn: () => request<ContactJson>('GET', `/v1/contacts/${contactId}`) });
/** What went to a contact since the holder whom we knew last showed: counts of all with each page, the newest messages first. */
export const exposureQuery = (contactId: string) =>
  infiniteQueryOptions({
    queryKey: ['contact', contactId, 'exposure'],
    queryFn: ({ pageParam }) =>
      request<ExposureJson>('GET', pathWith(`/v1/contacts/${contactId}/identity/exposure`, { limit: '50', cursor: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
/** How this person is verified, in the business's own words. */
export const runbookForQuery = (contactId: string) =>
  queryOptions({
    queryKey: ['contact', contactId, 'runbook'],
    queryFn: () => request<RunbookForJson>('GET', `/v1/contacts/${contactId}/identity/runbook`),
  });
/** How people are verified, all of it. */
export const runbookQuery = () => queryOptions({ queryKey: ['runbook'], queryFn: () => request<RunbookJson>('GET', '/v1/runbook') });
/** The journal of a contact, newest first. */
export const timelineQuery = (contactId: string) =>
  paged<TimelineEntryJson>(['contact', contactId, 'timeline'], `/v1/contacts/${contactId}/timeline`, { limit: '25' });
/** When a contact was written to and wrote, newest first. */
export const messagesQuery = (contactId: string) =>
  paged<ContactMessageJson>(['contact', contactId, 'messages'], `/v1/contacts/${contactId}/messages`, { limit: '10' });
/** Whether a contact is blocked by choice, and the history of it. */
export const blockQuery = (contactId: string) =>
  queryOptions({
    queryKey: ['contact', contactId, 'block'],
    queryFn: () => request<BusinessBlockHistory>('GET', `/v1/contacts/${contactId}/business-block`),
  });
/** Our own numbers. */
export const numbersQuery = () =>
  queryOptions({
    queryKey: ['numbers'],
    queryFn: () => request<PageOf<PhoneNumberJson>>('GET', '/v1/phone-numbers?limit=200'),
    staleTime: 60_000,
  });

/** One of them, with its history and its coverage. */
export const numberQuery = (phoneNumberId: string) =>
  queryOptions({
    queryKey: ['numbers', phoneNumberId],
    queryFn: () => request<PhoneNumberDetailJson>('GET', `/v1/phone-numbers/${encodeURIComponent(phoneNumberId)}`),
  });
/** How many changes are open, by what they are, and which of them share a cause. */
export const countsQuery = () =>
  queryOptions({ queryKey: ['counts'], queryFn: () => request<IdentityChangeCountsJson>('GET', '/v1/identity-changes/counts') });
/** What each verdict on exactly this would do; until that is known, as a placeholder, what it would have done on what was seen before. */
export const previewQuery = (contactId: string, keyHash: string | null, version: number) =>
  queryOptions({
    queryKey: ['preview', contactId, version], // of what was seen: it does not change
    queryFn: () => request<DecisionPreviewJson>('POST', `/v1/contacts/${contactId}/identity/preview`, { keyHash, version }),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

const READ_HEALTH_EVERY_MS = 5_000;
/** How the line is. */
export const healthQuery = () =>
  queryOptions({ queryKey: ['health'], queryFn: () => request<HealthJson>('GET', '/v1/health'), refetchInterval: READ_HEALTH_EVERY_MS });
const READ_COUNTS_EVERY_MS = 20_000;
/** How many webhooks came when. */
export const webhookCountsQuery = (over: WebhookSpan) =>
  queryOptions({
    queryKey: ['webhooks', over],
    queryFn: () => request<WebhookCountsJson>('GET', `/v1/health/webhooks?over=${over}`),
    refetchInterval: READ_COUNTS_EVERY_MS,
    placeholderData: keepPreviousData,
  });
/** What one consumer could not apply for one cause, the oldest first. */
export const lettersQuery = (group: string, code: string) =>
  queryOptions({
    queryKey: ['health', 'letters', group, code],
    queryFn: () => request<PageOf<DeadLetterJson>>('GET', pathWith('/v1/dead-letters', { group, code, limit: '20' })),
  });
const READ_ALERTS_EVERY_MS = 10_000;
/** What is wrong now, the newest first. */
export const alertsQuery = () =>
  queryOptions({
    queryKey: ['alerts'],
    queryFn: () => request<PageOf<AlertJson>>('GET', '/v1/alerts?limit=200'),
    refetchInterval: READ_ALERTS_EVERY_MS,
  });
/** Where alerts go. */
export const alertRoutesQuery = () =>
  queryOptions({
    queryKey: ['alerts', 'routes'],
    queryFn: () => request<PageOf<AlertRouteJson>>('GET', '/v1/alert-routes'),
    refetchInterval: READ_ALERTS_EVERY_MS,
  });
/** What is watched. */
export const alertRulesQuery = () =>
  queryOptions({
    queryKey: ['alerts', 'rules'],
    queryFn: () => request<PageOf<AlertRuleJson>>('GET', '/v1/alert-rules'),
    refetchInterval: READ_ALERTS_EVERY_MS,
  });
/** What was last sent to a route, the newest first. */
export const deliveriesQuery = (route: string) =>
  queryOptions({
    queryKey: ['alerts', 'deliveries', route],
    queryFn: () => request<PageOf<AlertDeliveryJson>>('GET', pathWith('/v1/alert-deliveries', { route, limit: '10' })),
  });
/** Who did what, newest first. */
export const auditQuery = () => paged<AuditEntryJson>(['audit'], '/v1/audit', {});
const all = <Item>(key: string, path: string) => queryOptions({ queryKey: [key], queryFn: () => request<PageOf<Item>>('GET', path) });
/** What members and keys are called. */
export const actorsQuery = () =>
  queryOptions({ queryKey: ['actors'], queryFn: () => request<PageOf<ActorJson>>('GET', '/v1/actors'), staleTime: 60_000 });
/** How long what is kept. */
export const retentionQuery = () => all<RetainedJson>('retention', '/v1/retention');
/** Who may sign in. */
export const membersQuery = () => all<MemberJson>('members', '/v1/members');
/** Who is signed in. */
export const sessionsQuery = () => all<SessionJson>('sessions', '/v1/sessions');
/** Which programs have keys. */
export const keysQuery = () => all<ApiKeyJson>('keys', '/v1/keys');

const READ_PROGRESS_EVERY_MS = 1_000;
/** A decision on many, and how far it has come. */
export const bulkQuery = (bulkId: string) =>
  queryOptions({
    queryKey: ['bulk', bulkId],
    queryFn: () => request<BulkDecisionJson>('GET', `/v1/bulk-decisions/${bulkId}`),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? READ_PROGRESS_EVERY_MS : false),
  });

/** Decides on exactly what was seen. */
export const acknowledge = (contactId: string, decision: AcknowledgementRequest) =>
  request<AcknowledgementJson>('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, decision);
/** Whom this fits. */
export const search = (asked: ContactSearchRequest) =>
  request<{ items: ContactJson[]; more: boolean }>('POST', '/v1/contacts/search', asked);

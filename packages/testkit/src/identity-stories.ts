import type { IdentityChanged, InboundEvent, MessageReceived, NumberChanged, StatusReported } from '@keyturn/contracts';
import type { Acknowledge, Decision, Holding, Identifier, IdentityState, Resolved, Stored } from '@keyturn/domain';

/** The contact of a story. */
export const someone = '01900000-0000-7000-8000-000000000001';
type Said<Event extends InboundEvent> = Partial<Omit<Event, 'type'>> & {
  readonly at: number;
  readonly as?: Identifier;
  readonly on?: string;
};

const envelope = ({ at, as = 'w:1', on = 'P1' }: Said<InboundEvent>, kind: string) => ({
  id: `${kind}-${at}-${on}`,
  wabaId: 'waba',
  phoneNumberId: on,
  occurredAt: new Date(at * 1000).toISOString(),
  receivedAt: new Date(at * 1000).toISOString(),
  source: { webhookId: 'webhook', path: '/entry/0' },
  ...{ contactId: someone, as, at },
});
const without = <Input extends Said<InboundEvent>>({ as: _as, on: _on, ...rest }: Input) => rest;

/** A message, of which only the time needs saying. */
export const message = (said: Said<MessageReceived>): Resolved<MessageReceived> => ({
  ...envelope(said, 'message'),
  type: 'message.received',
  wamid: `wamid-${said.at}`,
  messageType: 'text',
  ...without(said),
});
/** What became of a message of ours. */
export const status = (said: Said<StatusReported>): Resolved<StatusReported> => ({
  ...envelope(said, 'status'),
  type: 'status.reported',
  wamid: `wamid-${said.at}`,
  subject: 'delivery',
  status: 'delivered',
  ...without(said),
});
/** A send that carried another hash than the person has. */
export const refused = (at: number, on = 'P1') => status({ at, on, status: 'failed', errorCodes: [137_000] });
/** A legacy notice of a new registration. */
export const registeredAnew = (said: Said<IdentityChanged>): Resolved<IdentityChanged> => ({
  ...envelope(said, 'identity'),
  type: 'identity.changed',
  variant: 'customer_identity_changed',
  legacyIdentity: {},
  ...without(said),
});
/** A report that the person has another number. */
export const changedNumber = (said: Said<NumberChanged>): Resolved<NumberChanged> => ({
  ...envelope(said, 'number'),
  type: 'number.changed',
  variant: 'user_changed_number',
  previous: { waId: '491701' },
  current: { waId: '491702' },
  ...without(said),
});

/** The contact holds this since ever and for ever. */
export const holds = (...identifiers: Identifier[]): Holding[] =>
  identifiers.map((identifier) => ({ identifier, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }));
/** A row of the identity slice. */
export const row = (state: IdentityState, version = 1, holdings: readonly Holding[] = holds('w:1', 'u:n:1')): Stored<IdentityState> => ({
  ...{ state, version, holdings, mergedInto: null },
});
/** The state after a decision. */
export const after = (state: IdentityState, decision: Decision<IdentityState, unknown> | undefined): IdentityState =>
  decision === undefined || decision.kind === 'skip' ? state : decision.state;

/** An acknowledgement of the first version that names no hash, unless said otherwise. */
export const decision = (said: Partial<Acknowledge> = {}): Acknowledge => ({
  decisionId: '01900000-0000-7000-8000-0000000000d1',
  verdict: 'same_person',
  reason: 'called back',
  actor: 'key:1',
  decidedAt: '2026-01-01T00:00:00.000Z',
  ...{ keyHash: null, version: 1 },
  ...said,
});

import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns.ts';

// --- directory: facts that only grow, and what is derived from them -----------------------------------------------------

/** WABA → scope (portfolio). `default` at first sight; moved only by a command that re-keys. */
export const wabaScope = pgTable('waba_scope', { wabaId: text('waba_id').primaryKey(), scope: text().notNull() });

/** The WABA of each of our numbers, as events named them: by it is known what was said to which WABA. */
export const wabaNumber = pgTable('waba_number', {
  phoneNumberId: text('phone_number_id').primaryKey(),
  wabaId: text('waba_id').notNull(),
});

/** This identifier came with this head, first and last; a head that came alone, with itself. The rest of the row is derived: the stretch of
 *  time in which one more sighting tells nothing, whose it is, and a generation that moves whenever these may have. */
export const directoryLink = pgTable(
  'directory_link',
  {
    scope: text().notNull(),
    identifier: text().notNull(),
    head: text().notNull(),
    first: instant('first').notNull(),
    last: instant('last').notNull(),
    steadyFrom: instant('steady_from').notNull(),
    steadyTo: instant('steady_to').notNull(),
    contactId: uuid('contact_id'),
    generation: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.identifier, table.head] }),
    index('directory_link_head').on(table.scope, table.head),
  ],
);

/** The number as the directory keys it, for a spelling (`spellingKey`) to which the platform answered with another number than the rules of spelling lead to. */
export const numberSpelling = pgTable('number_spelling', {
  spelled: text().primaryKey(),
  canonical: text().notNull(),
  seenAt: instant('seen_at').notNull(),
});

/** A reported change of number or BSUID, whoever carried it. */
export const directoryReport = pgTable(
  'directory_report',
  {
    scope: text().notNull(),
    fact: text().notNull(),
    previous: text().array().notNull(),
    current: text().array().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.fact] })],
);

/** A decision that from an instant on these identifiers are somebody else's. */
export const directorySplit = pgTable(
  'directory_split',
  { scope: text().notNull(), fact: text().notNull(), carried: text().array().notNull(), at: instant('at').notNull() },
  (table) => [primaryKey({ columns: [table.scope, table.fact] })],
);

/** Which reports and splits name an identifier, so that a component is read by key. */
export const directoryMention = pgTable(
  'directory_mention',
  { scope: text().notNull(), identifier: text().notNull(), fact: text().notNull() },
  (table) => [
    primaryKey({ columns: [table.scope, table.identifier, table.fact] }),
    index('directory_mention_fact').on(table.scope, table.fact),
  ],
);

/** A contact is pinned to the identifier and instant it was first needed for. `version` counts all that its topic tells. */
export const contact = pgTable(
  'contact',
  {
    contactId: uuid('contact_id').primaryKey(),
    scope: text().notNull(),
    pinIdentifier: text('pin_identifier').notNull(),
    pinAt: instant('pin_at').notNull(),
    mergedInto: uuid('merged_into'),
    version: integer().notNull().default(0),
  },
  (table) => [index('contact_pin').on(table.scope, table.pinIdentifier)],
);

/** Who held an identifier when (from ≤ at < to), derived. The periods of an identifier tile all time. */
export const identifierPeriod = pgTable(
  'identifier_period',
  {
    scope: text().notNull(),
    identifier: text().notNull(),
    from: instant('from').notNull(),
    to: instant('to').notNull(),
    contactId: uuid('contact_id'),
    number: text().notNull(),
    numberFrom: instant('number_from').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.identifier, table.from] }), index('identifier_period_contact').on(table.contactId)],
);

/** What the directory itself finds suspicious about a contact, derived. */
export const contactSignal = pgTable(
  'contact_signal',
  { contactId: uuid('contact_id').notNull(), signal: text().notNull(), at: instant('at').notNull() },
  (table) => [primaryKey({ columns: [table.contactId, table.signal] })],
);

// --- slices: one row per contact, made before it is locked ----------------------------------------------------------------

/** The part of a slice's row that every slice has: its state, and the identifiers and survivor that it last told. */
const sliceColumns = {
  contactId: uuid('contact_id').primaryKey(),
  state: jsonb().notNull(),
  holdings: jsonb().notNull().default(sql`'[]'::jsonb`),
  mergedInto: uuid('merged_into'),
  updatedAt: instant('updated_at').notNull().defaultNow(),
};

/** The contact slice's version is that of its `contact` row, which the directory moves too. */
export const contactState = pgTable(
  'contact_state',
  {
    ...sliceColumns,
    profileName: text('profile_name'),
    /** Of the state, the blocks by choice that nobody lifted. Apart from it, so that the release before, which knows of none, writes none away. */
    businessBlocks: jsonb('business_blocks').notNull().default(sql`'{}'::jsonb`),
    businessBlockedAt: instant('business_blocked_at'),
    /** When the person last wrote since. */
    blockedWroteAt: instant('blocked_wrote_at'),
  },
  (table) => [
    index('contact_state_profile_name').on(sql`lower(${table.profileName}) text_pattern_ops`),
    index('contact_state_business_blocked').on(table.businessBlockedAt, table.contactId).where(sql`${table.businessBlockedAt} is not null`),
    index('contact_state_blocked_wrote').on(table.businessBlockedAt, table.contactId).where(sql`${table.blockedWroteAt} is not null`),
  ],
);

/** What the identity slice keeps of a contact, and whether a block of it awaits a decision. */
export const identityState = pgTable(
  'identity_state',
  {
    ...sliceColumns,
    version: integer().notNull().default(0),
    status: text().notNull().default('unknown'),
    blockedAt: instant('blocked_at'),
  },
  (table) => [
    index('identity_state_open')
      .on(table.blockedAt, table.contactId)
      .where(sql`${table.status} = 'blocked' and ${table.mergedInto} is null`),
  ],
);

/** What somebody decided, as it was decided. Never changed. */
export const identityDecision = pgTable(
  'identity_decision',
  {
    decisionId: uuid('decision_id').primaryKey(),
    contactId: uuid('contact_id').notNull(),
    verdict: text().notNull(),
    keyHash: text('key_hash'),
    version: integer().notNull(),
    reason: text().notNull(),
    note: text(),
    evidenceUrl: text('evidence_url'),
    proof: jsonb(),
    actor: text().notNull(),
    decidedAt: instant('decided_at').notNull(),
    newContactId: uuid('new_contact_id'),
  },
  (table) => [index('identity_decision_contact').on(table.contactId, table.decidedAt)],
);

/** What the consent slice keeps of a contact. */
export const consentState = pgTable('consent_state', { ...sliceColumns, version: integer().notNull().default(0) });

/** What was said or done about consent, under which identifier. Rows stay with the contact that they were recorded for. */
export const consentLedger = pgTable(
  'consent_ledger',
  {
    contactId: uuid('contact_id').notNull(),
    factId: text('fact_id').notNull(),
    identifier: text().notNull(),
    phoneNumberId: text('phone_number_id'),
    kind: text().notNull(),
    categories: text().array().notNull(),
    source: text().notNull(),
    evidence: jsonb().notNull(),
    actor: text().notNull(),
    occurredAt: instant('occurred_at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.contactId, table.factId] })],
);

// --- the record of it all, and what is told downstream --------------------------------------------------------------------

/** Every change with before, after, why and who. Partitioned by month of `recorded_at` (see the migration); never changed. */
export const journal = pgTable(
  'journal',
  {
    entryId: bigint('entry_id', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    contactId: uuid('contact_id').notNull(),
    slice: text().notNull(),
    type: text().notNull(),
    version: integer().notNull(),
    actor: text().notNull(),
    cause: jsonb().notNull(),
    before: jsonb(),
    after: jsonb(),
    detail: jsonb(),
    occurredAt: instant('occurred_at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.entryId, table.recordedAt] }), index('journal_contact').on(table.contactId, table.entryId)],
);

/** What the relay has yet to publish. The contact's row is locked before its outbox row is inserted, so position order is commit order per contact. */
export const outbox = pgTable(
  'outbox',
  {
    position: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    shard: smallint().notNull(),
    key: text().notNull(),
    topic: text().notNull(),
    headers: jsonb().notNull(),
    value: bytes().notNull(),
    /** The state record that goes with the event; null for a dead letter. */
    stateTopic: text('state_topic'),
    state: bytes(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('outbox_shard').on(table.shard, table.position)],
);

/** Which relay publishes a shard. A shard that was not released cleanly waits until a send in flight has given up. */
export const relayShard = pgTable('relay_shard', {
  shard: smallint().primaryKey(),
  owner: text().notNull(),
  released: boolean().notNull(),
  changedAt: instant('changed_at').notNull(),
});

/** The truth about what a group has applied: a record below `next_offset` was, and whoever loses the compare-and-set applies nothing. */
export const consumerOffset = pgTable(
  'consumer_offset',
  {
    groupId: text('group_id').notNull(),
    topic: text().notNull(),
    partition: integer().notNull(),
    nextOffset: bigint('next_offset', { mode: 'bigint' }).notNull(),
    /** Everything that was in the partition at this instant has been applied. */
    caughtUpAt: instant('caught_up_at').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    /** `KAFKA_PREFIX` of the log that the offset is of; null: a release that did not say so was there last. */
    prefix: text(),
    /** Since when a log of the group is known to end before what was applied from it: nothing more is applied. */
    logLostAt: instant('log_lost_at'),
  },
  (table) => [primaryKey({ columns: [table.groupId, table.topic, table.partition] })],
);

/** Keys are random, shown once, and stored only as a hash. */
export const apiKey = pgTable('api_key', {
  keyId: text('key_id').primaryKey(),
  name: text().notNull(),
  hash: bytes().notNull(),
  scopes: text().array().notNull(),
  createdAt: instant('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
  revokedBy: text('revoked_by'),
});

/** For how many days a table is kept, as the service that keeps it said when it last looked. */
export const keptDays = pgTable('kept_days', {
  tableName: text('table_name').primaryKey(),
  days: integer().notNull(),
  toldAt: instant('told_at').notNull(),
});

import { type Cause, headers, type Topic } from '@keyturn/contracts';
import type { Decision, Slice, Stored, Told, Who } from '@keyturn/domain';
import { contactIdentifiers } from './holdings.ts';
import type { Along } from './outbox.ts';
import type { Saved } from './repository.ts';
import type { Change } from './tell.ts';

/** One apply: what the row was and became, what is told, and why. */
type Step<State, T extends Told> = {
  readonly contactId: string;
  readonly before: Stored<State>;
  readonly after: Stored<State>;
  readonly told: readonly T[];
  readonly cause: Cause;
  readonly occurredAt: string;
  readonly along?: Along;
};

/** The rows of a transaction as its decisions change them: what they are now, what was told, and which are to be saved. */
export type Fold<State, T extends Told> = {
  readonly rows: Map<string, Stored<State>>;
  readonly steps: Step<State, T>[];
  readonly dirty: Set<string>;
};
/** Nothing is decided yet. */
export const startFold = <State, T extends Told>(rows: Map<string, Stored<State>>): Fold<State, T> => ({
  rows,
  steps: [],
  dirty: new Set(),
});

/** How a decision ended: `applied`, `touched`, or the reason for which it was skipped. */
export type Outcome = 'applied' | 'touched' | { readonly skipped: string };

/** Takes a decision about a contact into the fold. A first version that would tell nothing anybody could see is saved and not told. */
export function take<State, View, T extends Told>(
  slice: Slice<State, View, T>,
  fold: Fold<State, T>,
  contactId: string,
  decision: Decision<State, T>,
  why: { cause: Cause; occurredAt: string; along?: Along },
): Outcome {
  if (decision.kind === 'skip') return { skipped: decision.reason };
  const before = fold.rows.get(contactId);
  if (before === undefined) throw new TypeError(`contact ${contactId} was decided on without its row`);
  fold.dirty.add(contactId);
  const unseen = before.version === 0 && sameJson(slice.view(before.state, 0), slice.view(decision.state, 0));
  if (decision.kind === 'touch' || (unseen && decision.told.every(({ fields }) => fields === undefined))) {
    fold.rows.set(contactId, { ...before, state: decision.state });
    return 'touched';
  }
  const after = { ...before, state: decision.state, version: before.version + decision.told.length };
  fold.rows.set(contactId, after);
  fold.steps.push({ contactId, before, after, told: decision.told, ...why });
  return 'applied';
}
const sameJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** All that the fold says, for journal and outbox; needs what the directory says of everybody it tells about. */
export function changesOf<State, View, T extends Told>(
  slice: Slice<State, View, T>,
  topics: { readonly events: Topic; readonly state: Topic },
  { steps }: Fold<State, T>,
  who: ReadonlyMap<string, Who>,
  recordedAt: string,
): Change[] {
  return steps.flatMap(({ contactId, before, after, told, cause, occurredAt, along = {} }) => {
    const known = who.get(contactId);
    if (known === undefined) throw new TypeError(`contact ${contactId} was told of without asking the directory who it is`);
    const { scope, holdings, mergedInto } = known;
    const identifiers = contactIdentifiers(holdings);
    return told.map(({ type, fields }, i): Change => {
      const version = before.version + i + 1;
      const views = { before: slice.view(before.state, before.version), after: slice.view(after.state, version) };
      return {
        ...{ contactId, slice: slice.name, type, version, cause, occurredAt, along, recordedAt, ...views, detail: fields ?? null },
        event: {
          topic: topics.events,
          value: {
            id: `${slice.name}:${contactId}:${version}`,
            type,
            contactId,
            version,
            occurredAt,
            recordedAt,
            cause,
            scope,
            identifiers,
            ...views,
            ...fields,
          },
        },
        state: {
          topic: topics.state,
          value: {
            contactId,
            version,
            recordedAt,
            scope,
            ...(mergedInto === null ? {} : { mergedInto }),
            identifiers,
            [slice.name]: views.after,
          },
        },
      };
    });
  });
}

/** The rows to save; under the identifiers that the directory has now where it was asked, else under those that they have. */
export function savedOf<State, T extends Told>(
  { rows, steps, dirty }: Fold<State, T>,
  who: ReadonlyMap<string, Who>,
  recordedAt: string,
): Saved<State, T>[] {
  const stepsOf = Map.groupBy(steps, (step) => step.contactId);
  return [...dirty].sort().map((contactId) => {
    const mine = stepsOf.get(contactId) ?? [];
    const stored = rows.get(contactId) as Stored<State>;
    const told = mine.flatMap((step) => step.told);
    return { contactId, stored, who: who.get(contactId) ?? null, told, actor: mine.at(-1)?.cause.actor ?? '', recordedAt };
  });
}

/** When the webhooks came in that blocked somebody, as far as what goes along says it. */
export const blockedFrom = <State, T extends Told>({ steps }: Fold<State, T>): string[] =>
  steps.flatMap(({ told, along }) => {
    const receivedAt = along?.[headers.receivedAt];
    return receivedAt !== undefined && told.some(({ type }) => type === 'identity.blocked') ? [receivedAt] : [];
  });

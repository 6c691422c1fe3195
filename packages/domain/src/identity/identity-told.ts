import type { DecisionRecord, IdentityEvent } from '@keyturn/contracts';

/** What downstream hears of who answers: one event each, its decision on `identity.acknowledged` only. */
export type IdentityTold = { readonly type: IdentityEvent['type']; readonly fields?: { readonly decision: DecisionRecord } };

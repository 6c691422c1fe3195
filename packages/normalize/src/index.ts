export { inSlices } from './in-slices.ts';
export { normalize, normalizeInSlices } from './normalize.ts';
export type { Normalized } from './normalized.ts';
export { unpublishable } from './unrecognized.ts';
export { type Delivery, eventRecord, webhookIdOf, webhookRecord } from './webhook-records.ts';

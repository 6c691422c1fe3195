export { normalize, normalizeInSlices } from './normalize/normalize.ts';
export type { Normalized } from './normalize/normalized.ts';
export { start } from './start.ts';
export { eventRecord } from './webhook-records.ts';

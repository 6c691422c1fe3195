export { normalize } from './normalize/normalize.ts';
export type { Normalized } from './normalize/normalized.ts';
export { start } from './start.ts';

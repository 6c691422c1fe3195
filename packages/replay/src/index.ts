export type { Behind } from './behind.ts';
export type { Difference } from './differences.ts';
export { type DryReport, dryRun } from './dry-run.ts';
export type { Ask, Order } from './plan.ts';
export { type Report, replay, type Watch } from './replay.ts';
export { Selection } from './selection.ts';
export { openWorld, type World } from './world.ts';

export * from './decision.ts';
export * from './directory/identifier.ts';
export * from './slice.ts';

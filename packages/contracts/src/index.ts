export * from './changed-events.ts';
export * from './errors.ts';
export * from './http.ts';
export * from './ids.ts';
export * from './inbound-events.ts';
export * from './topics.ts';

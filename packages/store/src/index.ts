export * from './consume/define-consumer.ts';
export * from './database.ts';
export * from './migrate.ts';
export * from './outbox.ts';
export * from './slices/consent-repository.ts';
export * from './slices/contact-repository.ts';
export * from './slices/identity-repository.ts';

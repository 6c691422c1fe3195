import { defineConsumer, identityConsumer } from '@keyturn/store';

/** The identity consumer as a service. */
export const start = defineConsumer(identityConsumer);

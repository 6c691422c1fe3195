import { consentConsumer, defineConsumer } from '@keyturn/store';

/** The consent consumer as a service. */
export const start = defineConsumer(consentConsumer);

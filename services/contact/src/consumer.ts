import { contactConsumer, defineConsumer } from '@keyturn/store';

/** The contact consumer as a service. */
export const start = defineConsumer(contactConsumer);

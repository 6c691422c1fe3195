import { consumerTopics } from '@keyturn/contracts';
import { applyAccount, defineConsumer } from '@keyturn/store';

/** Keeps what the platform says of our numbers, accounts and templates, and how many messages to each number carried a key hash: none while the
 *  identity check is off, and then a stranger on a known number can't be seen. */
export const accountConsumer = { group: 'account', topics: consumerTopics.account, apply: applyAccount } as const;

/** Runs it as a service. */
export const start = defineConsumer(accountConsumer);

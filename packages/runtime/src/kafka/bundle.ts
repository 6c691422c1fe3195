import type { Message as KafkajsMessage } from 'kafkajs';
import type { Message } from './produce-request.ts';

const records = Symbol('records');
type Bundle = KafkajsMessage & { readonly [records]: readonly Message[] };
type Messages = readonly (Message & Partial<Pick<Bundle, typeof records>>)[];
type Partition = { readonly messages: Messages };

/** Many records of one partition as one message, which kafkajs carries to the request that is encoded (see `patchKafkajsProduce`): record by record it
 *  copies all that it has of a partition once more with each. */
export const bundle = (partition: number, of: readonly Message[]): Bundle => ({ partition, key: null, value: null, [records]: of });

/** The partition with the records of its bundles in their place. */
export function unbundled<One extends Partition>(partition: One): One {
  const { messages } = partition;
  if (!messages.some((one) => one[records] !== undefined)) return partition;
  const [only] = messages;
  return { ...partition, messages: messages.length === 1 && only ? only[records] : messages.flatMap((one) => one[records] ?? [one]) };
}

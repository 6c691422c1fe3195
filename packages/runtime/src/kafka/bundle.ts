import type { Message as KafkajsMessage } from 'kafkajs';
import { type EncodedRecord, encodeRecord, type Message } from './encoded-record.ts';

const records = Symbol('records');
/** As kafkajs hands it on: what the caller gave, which may have what we never send. */
type Given = Omit<Message, 'headers'> & {
  readonly timestamp?: string | null;
  readonly headers?: Readonly<Record<string, Buffer | string | undefined | (Buffer | string)[]>>;
  readonly [records]?: readonly EncodedRecord[];
};
type Bundle = KafkajsMessage & { readonly [records]: readonly EncodedRecord[] };

/** Many records of one partition as one message, which kafkajs carries to the request that is encoded (see `patchKafkajsProduce`): record by record it
 *  copies all that it has of a partition once more with each. */
export const bundle = (partition: number, of: readonly EncodedRecord[]): Bundle => ({ partition, key: null, value: null, [records]: of });

/** Whether there is a bundle among them: whoever does not know of bundles would write a record of nothing. */
export const hasBundle = (messages: readonly Given[]): boolean => messages.some((one) => one[records] !== undefined);

/** Whether all of it is as we send it: no timestamps of the caller's, no header twice. What is not, kafkajs encodes. */
export const isPlain = (messages: readonly Given[]): boolean => messages.every(isPlainMessage);
function isPlainMessage({ timestamp, headers }: Given): boolean {
  if (timestamp !== undefined && timestamp !== null) return false;
  for (const name in headers) if (headers[name] === undefined || Array.isArray(headers[name])) return false;
  return true;
}

/** The records of plain messages, those of bundles in their place. */
export function unbundled(messages: readonly Given[]): readonly EncodedRecord[] {
  const [only] = messages;
  if (messages.length === 1 && only?.[records] !== undefined) return only[records];
  return messages.flatMap((one) => one[records] ?? [encodeRecord(one as Message)]);
}

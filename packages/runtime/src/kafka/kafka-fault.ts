import { AppError } from '@keyturn/contracts';

type Fault = Error & { type?: string; retriable?: boolean; cause?: unknown };

/** The error at the bottom: kafkajs wraps what the broker said, once or twice. */
export function kafkaRoot(error: unknown): Fault {
  let root = error instanceof Error ? (error as Fault) : new Error(String(error));
  while (root.cause instanceof Error && root.cause !== root) root = root.cause as Fault;
  return root;
}

/** Whether the broker refused a batch for its size. It is then alive and well. */
export const isTooLarge = (error: unknown): boolean => ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].includes(kafkaRoot(error).type ?? '');

/** Whether the same send may go through later. A refusal for good (no permission, a record the topic does not take) may not. */
export const isPassing = (error: unknown): boolean => kafkaRoot(error).retriable !== false;

/** `config.invalid` where records are compressed in a way that kafkajs does not read: whoever joins meets the same. Null: it is something else. */
export function compressedOtherwise(groupId: string, error: unknown): AppError | null {
  const { name, message } = kafkaRoot(error);
  if (name !== 'KafkaJSNotImplemented' || !/compression/i.test(message)) return null;
  return new AppError(
    'config.invalid',
    `${groupId} comes to records that it can't read (${message}): those that are not compressed it reads, and gzip. Set compression.type=producer on the topics ` +
      '(keyturn topics --check names them), and have whoever else writes there do without, or use gzip. What stands there already is gone on after as after a gap (docs/operate.md).',
    { cause: error },
  );
}

/** `kafka.unavailable` with what the broker or the network said. */
export const kafkaUnavailable = (what: string, error: unknown): AppError => {
  const root = kafkaRoot(error);
  return new AppError('kafka.unavailable', `${what}: ${root.type ?? root.message}`, { cause: error });
};

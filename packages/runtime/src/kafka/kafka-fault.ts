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

/** `kafka.unavailable` with what the broker or the network said. */
export const kafkaUnavailable = (what: string, error: unknown): AppError => {
  const root = kafkaRoot(error);
  return new AppError('kafka.unavailable', `${what}: ${root.type ?? root.message}`, { cause: error });
};

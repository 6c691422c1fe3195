import { AppError, deadLetterTopic, type Topic } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import type { Outgoing } from '../outbox.ts';

/** The dead letter of a record: its bytes and headers as they were, with what failed, where and how often. */
export function deadLetter(
  record: IncomingRecord,
  source: { topic: Topic; partition: number; group: string },
  error: unknown,
  attempts: number,
): Outgoing {
  const { code, message, stack } = described(error);
  return {
    key: record.key ?? '',
    topic: deadLetterTopic(source.topic, source.group),
    headers: {
      ...record.headers,
      'dead-letter-code': code,
      'dead-letter-cause': message,
      'dead-letter-stack': stack,
      'dead-letter-attempts': String(attempts),
      'dead-letter-group': source.group,
      'dead-letter-topic': source.topic.name,
      'dead-letter-partition': String(source.partition),
      'dead-letter-offset': String(record.offset),
      'dead-letter-timestamp': String(record.timestamp),
    },
    value: record.value,
  };
}

function described(error: unknown): { code: string; message: string; stack: string } {
  if (!(error instanceof Error)) return { code: 'event.undecided', message: String(error), stack: '' };
  const causes = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return { code: error instanceof AppError ? error.code : 'event.undecided', message: error.message + causes, stack: error.stack ?? '' };
}

import type { RecordMetadata } from 'kafkajs';
import type { Part } from './lane.ts';

/** Throws unless the broker said of every part that it was written. kafkajs resolves without a word on a partition that its metadata does not
 *  have (a topic made again with fewer), and sends nothing there. The error is a passing one: the topic may be mended. */
export function requireWritten(parts: readonly Part[], prefix: string, answers: readonly RecordMetadata[]): void {
  const written = new Set(
    answers.filter(({ errorCode }) => errorCode === 0).map(({ topicName, partition }) => `${topicName}/${partition}`),
  );
  const missing = parts.map(({ lane }) => `${prefix}${lane.topic.name}/${lane.partition}`).filter((name) => !written.has(name));
  if (missing.length === 0) return;
  throw new Error(`Kafka confirmed nothing for ${missing.join(', ')}: does the topic have fewer partitions than it was made with?`);
}

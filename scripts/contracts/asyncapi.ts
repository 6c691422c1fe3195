import * as contracts from '@keyturn/contracts';
import { allTopics, deadLetterHeaders, headers, type Topic } from '@keyturn/contracts';
import type { Docs } from './doc-comments.ts';
import type { Example } from './examples.ts';
import { type Message, schemaPath } from './messages.ts';

type Given = {
  readonly version: string;
  readonly messages: readonly Message[];
  readonly examples: readonly Example[];
  readonly docs: ReadonlyMap<string, Docs>;
};

/** The AsyncAPI 3.0 document: every topic with its key, headers, partitions, clean-up and retention, and what each record holds, with examples. */
export function asyncApi(given: Given): object {
  const topics = allTopics.map((topic) => ({ topic, ids: messagesOn(topic, given) }));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'keyturn: topics',
      version: given.version,
      description:
        'What keyturn publishes to Kafka. Records come at least once, in order within a key; readers of a contact keep the larger `version`. Topic names begin with KAFKA_PREFIX, where it is set. A topic only grows: new types, and new properties that may be absent. What would break a reader comes on a new topic.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map(({ topic, ids }) => [topic.name, channel(topic, ids, given.docs)])),
    operations: Object.fromEntries(
      topics.map(({ topic }) => [`send.${topic.name}`, { action: 'send', channel: { $ref: `#/channels/${topic.name}` } }]),
    ),
    components: {
      messages: Object.fromEntries(topics.flatMap(({ topic, ids }) => ids.map(({ id, of }) => [id, message(topic, of, given)]))),
    },
  };
}

type Kind = { readonly id: string; readonly name: string; readonly of: Message | undefined };
function messagesOn(topic: Topic, { messages }: Given): Kind[] {
  const mine = messages.filter((one) => one.topic === topic);
  if (mine.length > 0) return mine.map((of) => ({ id: `${topic.name}.${of.name}`, name: of.name, of }));
  const name = topic.name.endsWith('.dlt') ? 'dead-letter' : 'body';
  return [{ id: `${topic.name}.${name}`, name, of: undefined }];
}

function channel(topic: Topic, ids: readonly Kind[], docs: ReadonlyMap<string, Docs>): object {
  const constant = Object.entries(contracts).find(([, value]) => value === topic)?.[0] ?? 'deadLetterTopic';
  const configuration = {
    'cleanup.policy': [topic.cleanup],
    ...(topic.retentionMs === undefined ? {} : { 'retention.ms': topic.retentionMs }),
    'max.message.bytes': topic.messageBytesMax,
  };
  return {
    address: topic.name,
    description: docs.get(constant)?.text,
    messages: Object.fromEntries(ids.map(({ id, name }) => [name, { $ref: `#/components/messages/${id}` }])),
    bindings: { kafka: { topic: topic.name, partitions: topic.partitions, topicConfiguration: configuration, bindingVersion: '0.5.0' } },
  };
}

function message(topic: Topic, of: Message | undefined, { examples }: Given): object {
  const mine = examples.filter((one) => one.topic === topic.name && one.type === of?.name);
  return {
    name: of?.name ?? topic.name,
    ...(of === undefined ? { contentType: 'application/octet-stream', payload: {} } : { payload: { $ref: `./${schemaPath(of)}` } }),
    headers: headersSchema(topic, of),
    bindings: { kafka: { key: { type: 'string', description: topic.key }, bindingVersion: '0.5.0' } },
    ...(mine.length === 0
      ? {}
      : { examples: mine.map(({ name, record }) => ({ name: name || 'plain', headers: record.headers, payload: record.value })) }),
  };
}

/** Those that are always there, and those that may be. */
function headersSchema(topic: Topic, of: Message | undefined): object {
  const { required, optional } = headersOf(topic);
  const names = [...required, ...optional, headers.traceparent];
  const properties: Record<string, object> = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  if (of !== undefined && required.includes(headers.eventType)) properties[headers.eventType] = { type: 'string', const: of.name };
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** The others came later, or are not for readers to rely on. */
const deadLetterAlways: readonly string[] = [deadLetterHeaders.code, deadLetterHeaders.cause, deadLetterHeaders.attempts];

function headersOf({ name, schema }: Topic): { required: readonly string[]; optional: readonly string[] } {
  if (name.endsWith('.dlt'))
    return { required: deadLetterAlways, optional: Object.values(deadLetterHeaders).filter((one) => !deadLetterAlways.includes(one)) };
  if (schema === null) return { required: [headers.receivedAt, headers.signature], optional: [headers.contentType] };
  if (name.endsWith('.state.v1')) return { required: [], optional: [headers.republished] };
  const event = [headers.eventType, headers.occurredAt];
  return name.startsWith('whatsapp.')
    ? { required: [...event, headers.facets], optional: [headers.replayed, headers.replayId, headers.replayedBy] }
    : { required: event, optional: [headers.receivedAt, headers.readmitted] };
}

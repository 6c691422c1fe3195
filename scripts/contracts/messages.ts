import * as contracts from '@keyturn/contracts';
import { allTopics, type Topic } from '@keyturn/contracts';
import { z } from 'zod';
import type { Docs } from './doc-comments.ts';
import { describe, type JsonSchema, jsonSchemaOf } from './json-schema.ts';

/** A kind of record on a topic: an event by its type, or the `state` of a compacted topic. */
export type Message = {
  readonly topic: Topic;
  readonly name: string;
  readonly schema: z.ZodType /** As it is exported, for all types that it serves. */;
  readonly source: z.ZodType;
};

/** Every kind of record whose value is JSON by a schema, topic by topic. */
export const messages: readonly Message[] = allTopics.flatMap((topic) => {
  if (topic.schema === null) return [];
  const options = topic.schema instanceof z.ZodDiscriminatedUnion ? (topic.schema.options as z.ZodObject[]) : [topic.schema as z.ZodObject];
  return options.flatMap((source) => schemasOf(source).map((one) => ({ topic, source, ...one })));
});

/** One schema for each type: a reader of `identity.blocked` need not know what else there is. */
function schemasOf(source: z.ZodObject): { name: string; schema: z.ZodType }[] {
  const { type } = source.shape;
  if (type instanceof z.ZodEnum) {
    return type.options.map(String).map((name) => ({ name, schema: source.extend({ type: z.literal(name) }) }));
  }
  return [{ name: type instanceof z.ZodLiteral ? String(type.value) : 'state', schema: source }];
}

/** The object schemas of the contracts by the name under which they are exported. */
export const namedSchemas: ReadonlyMap<z.ZodType, string> = new Map(
  Object.entries(contracts).flatMap(([name, value]) =>
    value instanceof z.ZodObject || value instanceof z.ZodRecord ? [[value, name] as const] : [],
  ),
);

/** Where the schema of a kind of record stands, beneath the contracts package. */
export const schemaPath = ({ topic, name }: Pick<Message, 'topic' | 'name'>): string => `schemas/${topic.name}/${name}.json`;

/** The published schema of a kind of record, whole in one document. */
export function messageSchema(message: Message, docs: ReadonlyMap<string, Docs>): JsonSchema {
  const { root, defs } = jsonSchemaOf(message.schema, namedSchemas, docs);
  const source = namedSchemas.get(message.source);
  describe(root, source === undefined ? undefined : docs.get(source), docs);
  const { description, ...rest } = root;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:keyturn:schema:${message.topic.name}:${message.name}`,
    title: message.name === 'state' ? message.topic.name : message.name,
    ...(description === undefined ? {} : { description }),
    ...rest,
    ...(Object.keys(defs).length === 0 ? {} : { $defs: defs }),
  };
}

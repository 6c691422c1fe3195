import path from 'node:path';
import asyncApiSpecs from '@asyncapi/specs' with { type: 'json' };
import { describe, expect, it } from '@jest/globals';
import { wrongWithRecord } from '@keyturn/testkit/check-record';
import { published, strangersValidator } from '@keyturn/testkit/validator';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv, type AnySchemaObject } from 'ajv';
import { readExamples } from './examples.ts';
import { messages, schemaPath } from './messages.ts';
import { contractsFolder, publishedIn } from './published.ts';

const examples = readExamples(path.join(contractsFolder, 'examples'), messages);

/** AsyncAPI's own schema. It brings a copy of draft 7, which the validator has already. */
function asyncApiSchema(): AnySchemaObject {
  const { 'http://json-schema.org/draft-07/schema': _, ...definitions } = asyncApiSpecs.schemas['3.0.0'].definitions as AnySchemaObject;
  return { ...(asyncApiSpecs.schemas['3.0.0'] as AnySchemaObject), definitions };
}

describe('the documents are what they say they are', () => {
  it('OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(published('openapi.json')));
    expect([valid, errors]).toEqual([true, undefined]);
  });

  it('AsyncAPI 3.0, and every reference in it leads to a schema or a message', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
    const document = published('asyncapi.json');
    expect([ajv.validate(asyncApiSchema(), document), ajv.errors]).toEqual([true, null]);
    const files = publishedIn(contractsFolder);
    for (const [, ref = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      const target = ref.startsWith('./')
        ? files.get(ref.slice(2))
        : ref
            .slice(2)
            .split('/')
            .reduce<unknown>((node, step) => (node as Record<string, unknown>)?.[step], document);
      expect([ref, target]).toEqual([ref, expect.anything()]);
    }
  });

  it.each(messages.map((message) => [schemaPath(message)]))('JSON Schema 2020-12: %s', (file) => {
    expect(() => strangersValidator().compile(published(file))).not.toThrow();
  });
});

describe('examples', () => {
  it('are there for every type on every topic', () => {
    const shown = new Set(examples.map(({ topic, type }) => `${topic} ${type}`));
    const kinds = messages.map(({ topic, name }) => `${topic.name} ${name}`);
    expect(kinds.filter((kind) => !shown.has(kind))).toEqual([]); // else add packages/contracts/examples/<topic>/<event-type>[.<case>].json
  });

  it.each(examples.map((example) => [example.file, example] as const))(
    '%s is what the source and the published schema say',
    (_file, { topic, type, record }) => {
      const { schema } = messages.find((one) => one.topic.name === topic && one.name === type) ?? {};
      expect(schema?.parse(record.value)).toEqual(record.value); // nothing in it that the schema does not name
      const value = Buffer.from(JSON.stringify(record.value));
      expect(wrongWithRecord(topic, { value, headers: record.headers })).toEqual([]);
    },
  );
});

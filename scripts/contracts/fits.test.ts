import { describe, expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import { strangersValidator } from '@keyturn/testkit/validator';
import fc from 'fast-check';
import { misfits, removed } from './fits.ts';
import type { JsonSchema } from './json-schema.ts';

const lone = (schema: JsonSchema) => ({ schema, document: schema });
const text = { type: 'string' };
const object = (
  properties: Record<string, JsonSchema>,
  required: string[] = Object.keys(properties),
  more: JsonSchema = {},
): JsonSchema => ({
  type: 'object',
  properties,
  required,
  ...more,
});

const kind = (name: string, properties: Record<string, JsonSchema>) => object({ kind: { type: 'string', const: name }, ...properties });

describe('what is written fits what is read', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['the same', object({ a: text }), object({ a: text })],
    ['a property that the reader does not know', object({ a: text, b: text }), object({ a: text })],
    ['what is always there, read as optional', object({ a: text }), object({ a: text }, [])],
    ['fewer values', { type: 'string', enum: ['a'] }, { type: 'string', enum: ['a', 'b'] }],
    ['one value of several', { type: 'string', const: 'a' }, { type: 'string', enum: ['a', 'b'] }],
    ['a value of any text', { type: 'string', enum: ['a'] }, { type: 'string', maxLength: 9 }],
    ['tighter bounds', { type: 'string', minLength: 2, maxLength: 3 }, { type: 'string', minLength: 1, maxLength: 4 }],
    ['never null, read as null at times', text, { anyOf: [text, { type: 'null' }] }],
    ['null at times, in two spellings', { type: ['string', 'null'] }, { anyOf: [text, { type: 'null' }] }],
    ['whole numbers, read as numbers', { type: 'integer' }, { type: 'number' }],
    ['one kind of several', kind('a', { a: text }), { oneOf: [kind('a', { a: text }), kind('b', {})] }],
    ['the same kinds', { oneOf: [kind('a', { a: text }), kind('b', {})] }, { oneOf: [kind('a', { a: text }), kind('b', {})] }],
  ])('%s', (_case, written, read) => expect(misfits(lone(written), lone(read))).toEqual([]));
});

describe('what is written does not fit, and where is said', () => {
  it.each<[string, JsonSchema, JsonSchema, string]>([
    ['another type', object({ a: { type: 'integer' } }), object({ a: text }), 'a is integer, not string'],
    ['absent at times', object({ a: text }, []), object({ a: text }), 'a may be absent'],
    ['null at times', object({ a: { type: ['string', 'null'] } }), object({ a: text }), 'a may be null'],
    ['another value', object({ a: { enum: ['x', 'y'] } }), object({ a: { enum: ['x'] } }), 'a may be y'],
    ['any value', object({ a: text }), object({ a: { type: 'string', enum: ['x'] } }), 'a is no longer one of x only'],
    ['longer', { type: 'string', maxLength: 5 }, { type: 'string', maxLength: 4 }, 'the whole has maxLength 5, not 4'],
    ['without a bound', { type: 'string' }, { type: 'string', maxLength: 4 }, 'the whole has maxLength none, not 4'],
    ['another format', { type: 'string' }, { type: 'string', format: 'uuid' }, 'the whole has format none, not uuid'],
    ['another pattern', { type: 'string', pattern: 'a' }, { type: 'string', pattern: 'b' }, 'the whole has pattern a, not b'],
    ['another kind', { oneOf: [kind('a', {}), kind('c', {})] }, { oneOf: [kind('a', {}), kind('b', {})] }, 'kind may be c'],
    [
      'in a kind',
      { oneOf: [kind('a', {}), kind('b', { x: text })] },
      { oneOf: [kind('a', {}), kind('b', { x: { type: 'integer' } })] },
      'x is string, not integer',
    ],
    ['in a list', { type: 'array', items: object({ a: text }, []) }, { type: 'array', items: object({ a: text }) }, '[].a may be absent'],
    ['refused', object({ a: text, b: text }), object({ a: text }, ['a'], { additionalProperties: false }), 'b is not taken'],
    [
      'in a map',
      object({}, [], { additionalProperties: text }),
      object({}, [], { additionalProperties: { type: 'integer' } }),
      '[] is string, not integer',
    ],
    [
      'by a key of a map',
      object({}, [], { propertyNames: text, additionalProperties: text }),
      object({}, [], { propertyNames: { type: 'string', maxLength: 3 }, additionalProperties: text }),
      '[] has maxLength none, not 3',
    ],
    [
      'by a keyword that nobody taught it',
      { type: 'string', contentEncoding: 'base64' },
      text,
      'the whole uses contentEncoding, which this check does not understand: teach it (scripts/contracts/fits.ts)',
    ],
    [
      'behind a reference',
      { ...object({ a: { $ref: '#/$defs/A' } }), $defs: { A: object({ b: text }, []) } },
      object({ a: object({ b: text }) }),
      'a.b may be absent',
    ],
  ])('%s', (_case, written, read, why) => expect(misfits(lone(written), lone(read))).toEqual([why]));
});

it('says which properties are gone, at any depth', () => {
  const old = object({ a: text, b: { type: 'array', items: { anyOf: [object({ c: text, d: text }), { type: 'null' }] } } });
  const now = object({ b: { type: 'array', items: { anyOf: [object({ c: text }), { type: 'null' }] } } });
  expect(removed(lone(old), lone(now))).toEqual(['a is gone', 'b[].d is gone']);
  expect(removed(lone(now), lone(old))).toEqual([]);
});

it('of several objects that it may be, each is looked for in the one that is most like it', () => {
  const either = { anyOf: [object({ a: text, b: text }), object({ c: text })] };
  expect(removed(lone(either), lone(either))).toEqual([]);
  expect(removed(lone(either), lone({ anyOf: [object({ a: text }), object({ c: text })] }))).toEqual(['b is gone']);
});

/** A schema, and documents that it takes. */
type Case = { schema: JsonSchema; documents: fc.Arbitrary<unknown> };
const { leaf } = fc.letrec<{ leaf: Case }>((tie) => ({
  leaf: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.nat(3), fc.nat(3)).map(([minLength, more]): Case => {
      const maxLength = minLength + more;
      return { schema: { type: 'string', minLength, maxLength }, documents: fc.string({ minLength, maxLength, unit: 'grapheme-ascii' }) };
    }),
    fc
      .subarray(['a', 'b', 'c'], { minLength: 1 })
      .map((some): Case => ({ schema: { type: 'string', enum: some }, documents: fc.constantFrom(...some) })),
    fc.nat(4).map((minimum): Case => ({ schema: { type: 'integer', minimum }, documents: fc.integer({ min: minimum, max: 9 }) })),
    tie('leaf').map(({ schema, documents }): Case => ({ schema: { anyOf: [schema, { type: 'null' }] }, documents: fc.option(documents) })),
    tie('leaf').map(
      ({ schema, documents }): Case => ({ schema: { type: 'array', items: schema }, documents: fc.array(documents, { maxLength: 3 }) }),
    ),
    fc.tuple(fc.dictionary(fc.constantFrom('p', 'q'), tie('leaf')), fc.boolean(), fc.boolean()).map(([parts, needed, closed]): Case => {
      const names = Object.keys(parts);
      const schema = object(
        Object.fromEntries(names.map((name) => [name, (parts[name] as Case).schema])),
        needed ? names : [],
        closed ? { additionalProperties: false } : {},
      );
      return {
        schema,
        documents: fc.record(
          Object.fromEntries(names.map((name) => [name, (parts[name] as Case).documents])),
          needed ? {} : { requiredKeys: [] },
        ),
      };
    }),
  ),
}));

it('whatever is written by a schema that fits is taken by the other', () => {
  const pairs = fc.tuple(leaf, leaf).filter(([written, read]) => misfits(lone(written.schema), lone(read.schema)).length === 0);
  const written = pairs.chain(([one, other]) => fc.tuple(fc.constant(other.schema), one.documents));
  const stranger = strangersValidator();
  fc.assert(
    fc.property(written, ([schema, document]) => stranger.validate(schema, document) === true),
    propertyRuns(),
  );
});

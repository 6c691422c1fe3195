import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ContactEvent, InboundEvent } from '@keyturn/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { quickReader } from './quick-reader.ts';

type Json = Record<string, unknown>;
const examplesOf = (topic: string): Json[] => {
  const folder = new URL(`../../../contracts/examples/${topic}/`, import.meta.url);
  return readdirSync(folder).map((file) => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { value: Json }).value);
};
const inboundExamples = examplesOf('whatsapp.inbound.v1');

/** What a field may hold that it should not, or just so. */
const someValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    '',
    '0',
    '123',
    '1'.repeat(21),
    'constructor',
    '__proto__',
    'unknown',
    'hash_impossible',
    true,
    Number.POSITIVE_INFINITY,
    -1,
    0.5,
    2 ** 60,
  ),
  fc.constantFrom('2026-02-30T00:00:00Z', '2026-02-28T24:00:00Z', '2026-02-28T23:59:59.123456Z', '2026-02-28T23:59:59+00:00', '2026-02-28'),
  fc.constantFrom(64, 65, 200, 201, 256, 257, 512, 513).map((length) => 'x'.repeat(length)),
  fc.array(fc.integer(), { maxLength: 40 }),
  fc.array(fc.constantFrom('time_impossible', 'id_impossible', 'none_of_them'), { maxLength: 3 }),
);
/** Where in an object: a key of its own, or one that any of the events has, or none has. */
const keys = [...new Set(inboundExamples.flatMap((example) => Object.keys(example))), 'nobody_knows_it', '__proto__', 'keyHash', 'path'];
const someChange = fc.record({
  within: fc.constantFrom(null, ...keys),
  key: fc.constantFrom(...keys),
  value: fc.option(someValue, { nil: undefined }),
});

function changed(example: Json, { within, key, value }: { within: string | null; key: string; value: unknown }): unknown {
  const copy = structuredClone(example);
  const inner = within !== null && Object.hasOwn(copy, within) ? copy[within] : copy; // never what all objects have in common
  const target = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Json) : copy; // JSON names nothing of a list
  if (value === undefined) delete target[key];
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

describe('what is read quickly', () => {
  const read = quickReader(InboundEvent);

  it.each(inboundExamples.map((example, i) => [`${String(example.type)} (${i})`, example]))('%s comes back as it is', (_type, example) => {
    const result = read(example);
    expect(result.success && Object.is(result.data, example)).toBe(true);
    expect(InboundEvent.parse(example)).toEqual(example);
  });

  const topics = {
    inbound: { schema: InboundEvent as z.ZodType, examples: inboundExamples },
    contact: { schema: ContactEvent as z.ZodType, examples: examplesOf('contact.events.v1') },
  };
  it.each(['inbound', 'contact'] as const)('of the %s topic, whatever is in it, is what the schema says of it', (topic) => {
    const { schema, examples } = topics[topic];
    const quick = quickReader(schema);
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.array(someChange, { maxLength: 3 }), (example, changes) => {
        const json = changes.reduce<unknown>((sofar, change) => changed(sofar as Json, change), example);
        const [ours, theirs] = [quick(json), schema.safeParse(json)];
        expect([ours.success, ours.success && ours.data]).toEqual([theirs.success, theirs.success && theirs.data]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('whatever JSON there is, is what the schema says of it', () =>
    fc.assert(fc.property(fc.jsonValue(), (json) => expect(read(json).success).toBe(InboundEvent.safeParse(json).success))));

  const isRefused = () => false;
  it('what a schema changes, fills in or refuses beyond what is known here is left to it', () => {
    const rules: [z.ZodType, unknown][] = [
      [z.object({ a: z.string().trim() }), { a: ' x ' }],
      [z.object({ a: z.string().default('x') }), {}],
      [z.strictObject({ a: z.string() }), { a: 'x', b: 1 }],
      [z.object({ a: z.union([z.string(), z.number()]) }), { a: 1 }],
      [z.object({ a: z.string().startsWith('x') }), { a: 'y' }],
      [z.object({ a: z.url() }), { a: 'https:' }],
      [z.object({ a: z.int() }), { a: 0.5 }],
      [z.object({ a: z.string().optional().refine(isRefused) }), { a: 'x' }],
      [z.object({ a: z.literal('x').refine(isRefused) }), { a: 'x' }],
      [z.object({ a: z.enum(['x']).refine(isRefused) }), { a: 'x' }],
      [z.object({ a: z.string().superRefine((_, context) => context.addIssue('no')) }), { a: 'x' }],
      [z.discriminatedUnion('a', [z.object({ a: z.literal('x') })]).refine(isRefused), { a: 'x' }],
    ];
    for (const [schema, json] of rules) expect(quickReader(schema)(json)).toEqual(schema.safeParse(json));
  });
});

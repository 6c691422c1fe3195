import { expect, it } from '@jest/globals';
import { AccountEvent, account, InboundEvent, inbound, silenceOf } from '@keyturn/contracts';
import fc from 'fast-check';
import { eventRecord } from '../webhook-records.ts';
import { fixture, fixtureNames, normalized, PROPERTY_RUNS } from './testing.ts';

const fixtures = fixtureNames.map((name) => fixture(name));
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    null,
    '',
    [],
    {},
    0,
    -1,
    1e300,
    true,
    '\0',
    '\ud800',
    '1795132800',
    '12025550101',
    'system',
    'x'.repeat(700),
    [null],
    {
      hash: 7,
    },
  ),
);

type Where = { readonly holder: Record<string, unknown>; readonly key: string };
/** Every key of every object and array within. */
function* places(value: unknown): Generator<Where> {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    yield { holder, key };
    yield* places(holder[key]);
  }
}

type Change = { readonly at: number; readonly how: 'drop' | 'replace' | 'nest' | 'double' | 'text'; readonly by: unknown };
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(10_000),
  how: fc.constantFrom('drop', 'replace', 'nest', 'double', 'text'),
  by: odd,
});

function changed(body: unknown, { at, how, by }: Change): void {
  const all = [...places(body)];
  const place = all[at % all.length];
  if (!place) return;
  const { holder, key } = place;
  if (how === 'drop') delete holder[key];
  else if (how === 'replace')
    holder[key] = structuredClone(by); // constants are shared between runs
  else if (how === 'nest') holder[key] = [holder[key]];
  else if (how === 'double') holder[key] = { ...(holder[key] as object), [key]: holder[key] };
  else holder[key] = typeof holder[key] === 'number' ? String(holder[key]) : Number(holder[key]) || String(holder[key]);
}

function holds(body: Buffer): void {
  const all = normalized(body);
  expect(all.length).toBeGreaterThan(0);
  for (const one of all) {
    const schema = one.topic === inbound ? InboundEvent : AccountEvent;
    expect(schema.safeParse(one.event).error).toBeUndefined();
    const { value, key, headers } = eventRecord(one);
    expect(JSON.parse(String(value))).toEqual(JSON.parse(JSON.stringify(one.event)));
    expect(key.length).toBeGreaterThan(0);
    expect(JSON.stringify(one.topic === inbound ? one.event : '')).not.toContain('\\u0000');
    if (one.topic === account || silenceOf(one.event as InboundEvent)) expect(headers?.facets).toBe('');
  }
}

it('fixtures with parts dropped, retyped, nested and doubled give events that are as their contracts say', () =>
  fc.assert(
    fc.property(fc.constantFrom(...fixtures), fc.array(change, { minLength: 1, maxLength: 6 }), (bytes, changes) => {
      const body: unknown = JSON.parse(bytes.toString());
      for (const one of changes) changed(body, one);
      holds(Buffer.from(JSON.stringify(body)));
    }),
    { numRuns: PROPERTY_RUNS * 10 },
  ));

it('any JSON, and any bytes, give at least one event', () => {
  fc.assert(
    fc.property(fc.json(), (json) => holds(Buffer.from(json))),
    { numRuns: PROPERTY_RUNS },
  );
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => holds(Buffer.from(bytes))),
    { numRuns: PROPERTY_RUNS },
  );
});

it('fixtures cut off or with bytes flipped give at least one event', () =>
  fc.assert(
    fc.property(fc.constantFrom(...fixtures), fc.nat(5_000), fc.nat(255), fc.boolean(), (bytes, at, byte, cut) => {
      const copy = Buffer.from(bytes);
      copy[at % copy.length] = byte;
      holds(cut ? copy.subarray(0, at % copy.length) : copy);
    }),
    { numRuns: PROPERTY_RUNS * 2 },
  ));

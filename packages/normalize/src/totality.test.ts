import { expect, it } from '@jest/globals';
import { AccountEvent, account, InboundEvent, inbound, silenceOf } from '@keyturn/contracts';
import fc from 'fast-check';
import { itemPaths } from './item-paths.fixture.ts';
import { fixture, fixtureNames, normalized, PROPERTY_RUNS } from './testing.ts';
import { eventRecord } from './webhook-records.ts';

/** How long the fixtures grow; 0: so many times as any property. `.ci/run` gives it half a minute. */
const FUZZ_SECONDS = Number(process.env.KEYTURN_FUZZ_SECONDS ?? 0);

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

const ways = ['drop', 'replace', 'nest', 'double', 'retype', 'swell', 'deepen', 'rename'] as const;
type Change = { readonly at: number; readonly how: (typeof ways)[number]; readonly by: unknown };
const change: fc.Arbitrary<Change> = fc.record({ at: fc.nat(10_000), how: fc.constantFrom(...ways), by: odd });

/** What the body grows into. */
function changed(body: unknown, { at, how, by }: Change): void {
  const all = [...places(body)];
  const place = all[at % all.length];
  if (place) place.holder[place.key] = grown[how](place, by);
  if (place && (how === 'drop' || how === 'rename')) delete place.holder[place.key];
}
const grown: Readonly<Record<Change['how'], (place: Where, by: unknown) => unknown>> = {
  drop: () => undefined,
  replace: (_place, by) => structuredClone(by), // constants are shared between runs
  nest: ({ holder, key }) => [holder[key]],
  double: ({ holder, key }) =>
    Array.isArray(holder[key]) ? [...holder[key], ...holder[key]] : { ...(holder[key] as object), [key]: holder[key] },
  retype: ({ holder, key }) => (typeof holder[key] === 'number' ? String(holder[key]) : Number(holder[key]) || String(holder[key])),
  swell: ({ holder, key }) => swollen(holder[key]),
  deepen: ({ holder, key }) => JSON.parse(`${'[{"a":'.repeat(200)}${JSON.stringify(holder[key]) ?? null}${'}]'.repeat(200)}`),
  rename: ({ holder, key }, by) => {
    holder[`${key}_${typeof by}`] = holder[key];
    return undefined;
  },
};
const SWOLLEN_BYTES_MAX = 20_000;
/** A long text, or many of its elements; what is large already stays as it is. */
function swollen(value: unknown): unknown {
  if (typeof value === 'string') return value.padEnd(10_000, value || 'x');
  if ((JSON.stringify(value) ?? '').length > SWOLLEN_BYTES_MAX / 40) return value;
  const [one, ...more] = Array.isArray(value) ? value : [value];
  return Array.from({ length: 40 }, (_, i) => structuredClone([one, ...more][i % (more.length + 1)] ?? null));
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
  accountsForAll(
    body,
    all.map(({ event }) => event.source.path),
  );
}

/** Each item has an event that stands at it, above it or within it, and no event stands where nothing is. */
function accountsForAll(body: Buffer, paths: readonly string[]): void {
  const json = parsed(body);
  if (json === undefined) {
    expect(paths).toEqual(['']);
    return;
  }
  const told = new Set(paths.flatMap((path) => path.split('/').map((_, i, steps) => steps.slice(0, i + 1).join('/'))));
  const at = new Set(paths);
  const above = (path: string) => path.split('/').some((_, i, steps) => at.has(steps.slice(0, i + 1).join('/')));
  expect(itemPaths(json).filter((path) => !told.has(path) && !above(path))).toEqual([]);
  expect(paths.filter((path) => !isThere(json, path))).toEqual([]);
}
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString().replace(/^\u{feff}/u, ''));
  } catch {
    return undefined;
  }
}
function isThere(json: unknown, path: string): boolean {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let here = json;
  for (const step of steps) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return false;
    here = (here as Record<string, unknown>)[step];
  }
  return true;
}

it(
  'fixtures with parts dropped, renamed, retyped, nested, doubled and swollen: nothing throws, every item is accounted for, every event is as its contract says',
  () =>
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.array(change, { minLength: 1, maxLength: 8 }), (bytes, changes) => {
        const body: unknown = JSON.parse(bytes.toString());
        for (const one of changes) changed(body, one);
        holds(Buffer.from(JSON.stringify(body)));
      }),
      FUZZ_SECONDS > 0 ? { numRuns: 1e8, interruptAfterTimeLimit: FUZZ_SECONDS * 1_000 } : { numRuns: PROPERTY_RUNS * 4 },
    ),
  (FUZZ_SECONDS + 60) * 1_000,
);

it('fixtures thrown together in one body are each what they are alone', () =>
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...fixtures), { minLength: 1, maxLength: 6 }), (some) => {
      const bodies = some.map((bytes) => JSON.parse(bytes.toString()) as { entry: object[] }).filter((body) => 'object' in body);
      const together = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: bodies.flatMap(({ entry }) => entry) }));
      if (bodies.length === 0) return;
      holds(together);
      const ids = (body: object) => normalized(body).map(({ event }) => event.id);
      expect(ids(JSON.parse(together.toString()))).toEqual(bodies.flatMap(ids));
    }),
    { numRuns: PROPERTY_RUNS },
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

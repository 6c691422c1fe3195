import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sealer, sealerOf, setPlatformToken } from '@keyturn/store';
import { GRAPH_TOKEN, message, type WireTap, wireTap } from '@keyturn/testkit';
import { type GateWorld, gateWorld, OURS } from '../../services/gate/src/gate.fixture.ts';
import { type Printed, senders } from './senders/senders.ts';

const TOKEN_KEY = 'a-token-key-for-the-public-clients';
/** Those that the platform's pages name, and that say something of the person, of us, or of the template
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-05). */
const codes = [
  ...[137_000, 131_050, 131_026, 131_047, 131_049, 130_472, 131_021, 131_030, 131_062, 131_056, 130_497, 130_429, 131_048, 80_007],
  ...[
    131_031, 368, 131_042, 131_045, 131_057, 131_063, 131_064, 133_010, 132_000, 132_001, 132_015, 131_000, 131_016, 190, 10, 200, 136_025,
  ],
];
/** Statuses in turn: by which of them a code comes is the platform's affair. */
const statuses = [400, 401, 403, 404, 429, 500, 503];
let people = 491_600_000_000;
const behaviours = [
  { name: 'accepted', to: String(people++) },
  ...codes.map((code, i) => ({
    ...{ name: `refused with ${code}`, to: String(people++) },
    refusal: {
      status: statuses[i % statuses.length] as number,
      code,
      message: `(#${code}) Refused <ä> & no more`,
      error_data: { messaging_product: 'whatsapp', details: `why ${code}` },
    },
  })),
  { name: 'slow', to: String(people++), manner: { afterMs: 700 } },
  { name: 'five megabytes', to: String(people++), manner: { padding: 5_000_000 } },
  { name: 'broken off in its middle', to: String(people++), manner: { brokenAfterBytes: 200_000 } },
  { name: 'accepted again', to: String(people++) },
] as const;
const numbers = behaviours.map(({ to }) => to);

/** Client → `direct` → platform, and client → `outer` → gate → `inner` → platform. */
const taps: Record<'direct' | 'outer' | 'inner', WireTap> = {} as never;
let world: GateWorld;
beforeAll(async () => {
  [taps.direct, taps.outer, taps.inner] = [await wireTap({ tls: true }), await wireTap({ tls: true }), await wireTap({ tls: false })];
  world = await gateWorld({ KEYTURN_TOKEN_KEY: TOKEN_KEY, GATE_GRAPH_URL: taps.inner.url });
  taps.direct.leadTo(world.platform.url);
  taps.inner.leadTo(world.platform.url);
  taps.outer.leadTo(world.url);
  const holder = { kind: 'number', id: OURS } as const;
  await setPlatformToken(
    world.pool,
    sealerOf([TOKEN_KEY]) as Sealer,
    { tokenId: randomUUID(), holder, token: GRAPH_TOKEN },
    'key:test',
    new Date(),
  );
  const at = Math.floor(Date.now() / 1000);
  await world.says(...numbers.map((waId) => message({ waId, phoneNumberId: OURS, identityKeyHash: 'h1', at, wamid: `wamid.in.${waId}` })));
  for (const behaviour of behaviours) {
    if ('refusal' in behaviour) world.platform.world.refusals.set(behaviour.to, behaviour.refusal);
    if ('manner' in behaviour) world.platform.world.manners.set(behaviour.to, behaviour.manner);
  }
});
afterAll(async () => {
  await world.stop();
  for (const tap of Object.values(taps)) await tap.close();
});

/** What the platform made up at the moment is another each time. */
const masked = (printed: readonly Printed[]): unknown =>
  JSON.parse(
    JSON.stringify(printed)
      .replace(/wamid\.[\w-]+/g, 'wamid')
      .replace(/"fbtrace_id":\s*"[^"]*"/g, '"fbtrace_id":""'),
  );

const there = await Promise.all(senders.map(async (sender) => ({ sender, is: process.env.CI === 'true' || (await sender.isThere()) })));
for (const { sender, is } of there) {
  if (!is) it.todo(`NOT RUN: ${sender.name}, whose language is not on this machine`);
}

describe.each(there.filter(({ is }) => is).map(({ sender }) => [sender.name, sender] as const))('%s', (_name, sender) => {
  const from = { outer: 0, inner: 0 };
  let direct: Printed[];
  let through: Printed[];
  beforeAll(async () => {
    await world.current();
    from.outer = taps.outer.answers.length;
    from.inner = taps.inner.answers.length;
    direct = await sender.send({ url: taps.direct.url, port: taps.direct.port, token: GRAPH_TOKEN, phoneNumberId: OURS }, numbers);
    await world.current();
    through = await sender.send({ url: taps.outer.url, port: taps.outer.port, token: world.key, phoneNumberId: OURS }, numbers);
  });

  it('makes the same of what the platform answers, through the gate and without it', () => {
    expect(direct.map(({ to }) => to)).toEqual(numbers);
    expect(masked(through)).toEqual(masked(direct));
  });

  it('gets through the gate, byte for byte, what the platform answered to the gate', () => {
    const [outer, inner] = [taps.outer.answers.slice(from.outer), taps.inner.answers.slice(from.inner)];
    expect([outer.length, inner.length]).toEqual([numbers.length, numbers.length]);
    for (const [i, { name }] of behaviours.entries()) {
      const [theirs, ours] = [inner[i], outer[i]];
      if (theirs?.broken) {
        const whole = theirs.body.subarray(0, ours?.body.length);
        expect([name, ours?.broken, ours?.status, ours?.headers, ours?.body.equals(whole)]).toEqual([
          name,
          true,
          theirs.status,
          theirs.headers,
          true,
        ]);
      } else {
        expect([name, ours?.broken, ours?.status, ours?.reason, ours?.headers]).toEqual([
          name,
          false,
          theirs?.status,
          theirs?.reason,
          theirs?.headers,
        ]);
        expect([name, theirs !== null && theirs !== undefined && ours?.body.equals(theirs.body)]).toEqual([name, true]);
      }
    }
  });

  it('reads a denial of the gate as an error of the platform, with its reasons', async () => {
    await world.current();
    const stranger = '491699999999';
    const [printed] = await sender.send({ url: taps.outer.url, port: taps.outer.port, token: world.key, phoneNumberId: OURS }, [stranger]);
    expect(JSON.stringify(printed)).toMatch(/"code":\s*990001.*contact_unknown/);
  });

  it('and a key that is none as a token that is none', async () => {
    const [printed] = await sender.send({ url: taps.outer.url, port: taps.outer.port, token: 'kt_none', phoneNumberId: OURS }, [
      numbers[0] as string,
    ]);
    expect(JSON.stringify(printed)).toMatch(/"code":\s*190\b/);
  });
});

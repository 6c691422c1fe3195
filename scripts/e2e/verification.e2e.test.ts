import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type IdentityEvent, identityEvents, type VerificationAnswer } from '@keyturn/contracts';
import { freePort } from '@keyturn/embedded';
import { type BusinessEndpoint, businessEndpoint } from '@keyturn/testkit/business-endpoint';
import { type Line, startLine } from './line.ts';
import { bodyOf, text } from './payload.ts';
import { until } from './until.ts';

const CHANGES = 2_000;
let business: BusinessEndpoint;
let receiverPort: number;
let line: Line;
beforeAll(async () => {
  business = await businessEndpoint();
  receiverPort = await freePort();
  line = await startLine({
    KEYTURN_VERIFICATION_KEY: 'a-verification-key-of-the-tests',
    VERIFICATION_PRIVATE_ORIGINS: `${business.origin},http://127.0.0.1:${receiverPort}`,
    VERIFICATION_RETRY_FIRST_MS: '200',
    VERIFICATION_RETRY_MAX_MS: '1000',
  });
});
afterAll(async () => {
  await line.stop();
  await business.close();
});

const secretOf = async (endpoint: string) =>
  (await line.api<{ secret: string }>('GET', `/v1/verification-endpoints/${endpoint}/secret`)).body.secret;
const proof = { method: 'app_face_and_pin', reference: 'case-1', by: 'bank app 4.2' };
/** Of a hundred persons two can't be verified and two don't answer. */
function script(waId: string): VerificationAnswer | null {
  const last = Number(waId.slice(-2));
  if (last === 13 || last === 63) return { verdict: 'not_verified', proof };
  return last === 37 || last === 87 ? null : { verdict: 'same_person', proof };
}
const people = Array.from({ length: CHANGES }, (_, i) => `49157${String(1_000_000 + i)}`);
async function everybodyWrites(seconds: number, hash: string, times: number): Promise<void> {
  const items = people.flatMap((waId) => Array.from({ length: times }, () => text({ waId }, seconds, hash)));
  const bodies = Array.from({ length: items.length / 250 }, (_, i) => bodyOf(items.slice(i * 250, (i + 1) * 250)));
  for (const body of bodies) expect(await line.post(body)).toBe(200);
}
const count = async (where: string) => (await line.query<{ count: number }>(`select count(*)::int as count from ${where}`))[0]?.count ?? 0;

it(`${CHANGES} changes of one day are answered by the business's own systems, away for a while, and none by an operator`, async () => {
  const endpoints = [{ name: 'app', url: business.url }];
  const rules = [{ name: 'new-phone', endpoint: 'app', when: { evidence: ['hash'] } }];
  expect((await line.api('PUT', '/v1/verification-rules', { version: 0, reason: 'a test', endpoints, rules })).status).toBe(200);
  business.secret = await secretOf('app');
  business.script = ({ data }) => script(data.identifiers[0]?.value ?? '');
  business.behaviour = 503;
  await everybodyWrites(0, 'h1', 1);
  await everybodyWrites(60, 'h2', 2);
  await until('the business is away', async () => business.requests.length > 20);
  business.behaviour = 200;
  const [unable, silent] = [CHANGES / 50, CHANGES / 50];
  await until('all are answered who answer', async () => (await count(`verification where status = 'answered'`)) === CHANGES - silent);
  await line.settled();
  expect(await count(`identity_state where status = 'clear'`)).toBe(CHANGES - unable - silent);
  expect(await count(`identity_decision where actor <> 'verification:app/new-phone'`)).toBe(0);
  expect(await count('identity_decision')).toBe(CHANGES - unable - silent);
  expect(business.requests.filter(({ verified }) => !verified)).toEqual([]);
  expect(business.answers.filter(({ status }) => status !== 200)).toEqual([]);
  const told = (await line.read(identityEvents.name)).map(({ value }) => JSON.parse(String(value)) as IdentityEvent);
  const released = told.filter(({ type }) => type === 'identity.acknowledged');
  expect(new Set(released.map(({ contactId }) => contactId)).size).toBe(CHANGES - unable - silent);
  expect(
    released.filter(({ decision }) => JSON.stringify(decision?.proof) !== JSON.stringify(proof) && decision?.proof?.by !== proof.by),
  ).toEqual([]);
  expect((await line.api<{ items: object[] }>('GET', '/v1/identity-changes?limit=200')).body.items).toHaveLength(unable + silent);
});

it('the receiver of docs/verification.md takes requests, and what it answers releases', async () => {
  const { version } = (await line.api<{ version: number }>('GET', '/v1/verification-rules')).body;
  const endpoints = [{ name: 'receiver', url: `http://127.0.0.1:${receiverPort}/` }];
  const rules = [{ name: 'all', endpoint: 'receiver' }];
  await line.api('PUT', '/v1/verification-rules', { version, reason: 'a test', endpoints, rules });
  const program = path.join(import.meta.dirname, '../../docs/verification/receiver.ts');
  const env = { PATH: process.env.PATH, VERIFICATION_SECRET: await secretOf('receiver'), PORT: String(receiverPort) };
  const receiver = spawn(process.execPath, [program], { env: env as NodeJS.ProcessEnv });
  try {
    let said = '';
    for (const stream of [receiver.stdout, receiver.stderr]) stream.on('data', (chunk) => (said += chunk));
    await until('it listens', async () => said.includes('listening'));
    const unsigned = await fetch(`http://127.0.0.1:${receiverPort}/`, {
      method: 'POST',
      body: '{"data":{"callbackUrl":"http://127.0.0.1:1/"}}',
    });
    expect(unsigned.status).toBe(401);
    const waId = '4915799999901';
    expect(await line.post(bodyOf([text({ waId }, 0, 'h1'), text({ waId }, 60, 'h2')]))).toBe(200);
    const found = async () =>
      (
        await line.api<{ items: { contactId: string; identity: { status: string; version: number } }[] }>('POST', '/v1/contacts/search', {
          waId,
        })
      ).body.items[0];
    await until(
      'the person is released',
      async () => (await found())?.identity.status === 'clear' && (await found())?.identity.version === 3,
    );
    const contactId = (await found())?.contactId;
    const { items } = (
      await line.api<{ items: { status: string; answer: VerificationAnswer }[] }>('GET', `/v1/verifications?contactId=${contactId}`)
    ).body;
    expect(items).toMatchObject([
      { status: 'answered', answer: { verdict: 'same_person', proof: { method: 'app_face_and_pin', by: 'example receiver' } } },
    ]);
    await until('it says so', async () => said.includes(': 200'));
  } finally {
    receiver.kill();
  }
});

import type { VerificationAnswer, VerificationDetailJson, VerificationJson, VerificationRulesRequest } from '@keyturn/contracts';
import { keepFromLogs, until } from '@keyturn/testkit';
import { type BusinessEndpoint, businessEndpoint, type ReceivedRequest } from '@keyturn/testkit/business-endpoint';
import type { z } from 'zod';
import { consoleWorld, message, type World } from '../console.fixture.ts';

const VERIFICATION_KEY = 'a-verification-key-for-tests-only';
export const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
/** An answer with its proof. */
export const says = (verdict: VerificationAnswer['verdict']): VerificationAnswer => ({
  verdict,
  proof: { method: 'app_biometric', reference: 'case-7', by: 'bank app 4.2' },
});

type Blocked = { readonly waId: string; readonly contactId: string; readonly version: number };
/** A console, and a business with an endpoint that it asks by one rule, unless a test sets others. */
export type Asking = World & {
  readonly business: BusinessEndpoint;
  /** Somebody known by hash A writes with hash B. */
  block(): Promise<Blocked>;
  blockSome(count: number): Promise<Blocked[]>;
  rules(change: Partial<z.input<typeof VerificationRulesRequest>>): Promise<{ status: number; body: unknown }>;
  /** The first request about a contact that the endpoint got beside those seen before. */
  asked(contactId: string, seen?: number): Promise<ReceivedRequest>;
  verifications(contactId: string): Promise<VerificationJson[]>;
  detail(requestId: string): Promise<VerificationDetailJson>;
};

/** What a console needs to ask this business. */
export const askingEnv = ({ origin }: BusinessEndpoint) => ({
  KEYTURN_VERIFICATION_KEY: VERIFICATION_KEY,
  VERIFICATION_PRIVATE_ORIGINS: origin,
  VERIFICATION_TIMEOUT_MS: '60000', // longer than a busy machine takes to answer itself
  VERIFICATION_RETRY_FIRST_MS: '100',
  VERIFICATION_RETRY_MAX_MS: '400',
});

/** Brings it up; its console has these variables too. */
export async function askingWorld(more: NodeJS.ProcessEnv = {}): Promise<Asking> {
  const business = await businessEndpoint();
  const world = await consoleWorld({ ...askingEnv(business), ...more });
  const call = async <Body>(path: string) => (await world.call('GET', path)).body as unknown as Body;
  let number = 4915200000;
  const asking: Asking = {
    ...world,
    business,
    block: async () => (await asking.blockSome(1))[0] as Blocked,
    async blockSome(count) {
      const waIds = Array.from({ length: count }, () => String(number++));
      const at = (seconds: number, hash: string) => waIds.map((waId) => message({ waId, at: seconds, hash }));
      await world.says(...at(T, 'A='), ...at(T + 60, 'B='));
      const found = await Promise.all(waIds.map((waId) => world.find(waId)));
      return found.map(({ contactId, identity: { version } }, i) => ({ waId: waIds[i] as string, contactId, version }));
    },
    async rules(change) {
      const { version } = await call<{ version: number }>('/v1/verification-rules');
      const usual = {
        version,
        reason: 'a test',
        endpoints: [{ name: 'app', url: business.url }],
        rules: [{ name: 'all', endpoint: 'app' }],
      };
      return world.call('PUT', '/v1/verification-rules', { ...usual, ...change });
    },
    async asked(contactId, seen = 0) {
      const about = () => business.requests.filter(({ requested }) => requested.data.contactId === contactId)[seen];
      await until(`the business is asked about ${contactId}`, async () => about() !== undefined);
      return about() as ReceivedRequest;
    },
    verifications: async (contactId) => (await call<{ items: VerificationJson[] }>(`/v1/verifications?contactId=${contactId}`)).items,
    detail: (requestId) => call(`/v1/verifications/${requestId}`),
    async stop() {
      business.release();
      await world.stop();
      await business.close();
    },
  };
  await asking.rules(more.VERIFICATION_PRIVATE_ORIGINS === undefined ? {} : { endpoints: [{ name: 'app', url: 'https://bank.example/' }] });
  business.secret = (await call<{ secret: string }>('/v1/verification-endpoints/app/secret')).secret;
  keepFromLogs(business.secret);
  return asking;
}

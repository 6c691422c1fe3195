import { AppError, type VerificationEndpoint, type VerificationRequested } from '@keyturn/contracts';
import { callbackToken, type Posted, postOutward, signedHeaders, webhookSecret } from '@keyturn/runtime';
import type { ToDeliver } from '@keyturn/store';
import { isPrivateOrigin, type VerificationSettings } from './settings.ts';

/** The body of a request: the same bytes at every attempt, as long as keys and URL stay. */
function bodyOf({ keys, publicUrl }: Pick<VerificationSettings, 'keys' | 'publicUrl'>, request: ToDeliver): string {
  const { requestId, rule, verdicts, validUntil, change, requestedAt } = request;
  const callbackUrl = `${publicUrl}/v1/verification-callbacks/${callbackToken(keys[0], requestId)}`;
  const requested: VerificationRequested = {
    type: 'identity.verification_requested',
    timestamp: requestedAt,
    data: { requestId, ...change, rule, verdicts: [...verdicts], validUntil, callbackUrl },
  };
  return JSON.stringify(requested);
}

/** By every key that counts, the newest secret of the endpoint and the one before: while one is changed, whoever has either takes it. */
const secretsOf = (keys: readonly string[], { name, secretVersion }: Pick<VerificationEndpoint, 'name' | 'secretVersion'>): string[] =>
  keys.flatMap((key) =>
    [secretVersion, secretVersion - 1].filter((version) => version > 0).map((version) => webhookSecret(key, name, version)),
  );

/** How an attempt failed: what an `AppError` of code `verification.undelivered` has in its detail. */
export type Failure = { readonly outcome: string; readonly httpStatus: number | null };

/** Brings one request to its endpoint, which takes it by a status of 2xx. Throws `verification.undelivered` where it does not. */
export async function sendRequest(
  settings: VerificationSettings,
  endpoint: VerificationEndpoint,
  request: ToDeliver,
  at: Date,
): Promise<number> {
  const body = bodyOf(settings, request);
  const posted = await postOutward({
    url: endpoint.url,
    headers: {
      ...{ 'content-type': 'application/json', 'user-agent': 'keyturn' },
      ...signedHeaders(secretsOf(settings.keys, endpoint), { id: request.requestId, at, body }),
    },
    body,
    timeoutMs: settings.timeoutMs,
    isPrivateAllowed: isPrivateOrigin(settings, endpoint.url),
  });
  const failure = failureOf(posted);
  if (failure === null) return posted.kind === 'answered' ? posted.status : 0;
  throw new AppError('verification.undelivered', `the endpoint ${endpoint.name} did not take it`, { detail: { ...failure } });
}

function failureOf(posted: Posted): Failure | null {
  if (posted.kind !== 'answered') return { outcome: posted.kind, httpStatus: null };
  const { status } = posted;
  if (status >= 200 && status < 300) return null;
  return { outcome: status >= 300 && status < 400 ? 'redirect' : 'status', httpStatus: status };
}

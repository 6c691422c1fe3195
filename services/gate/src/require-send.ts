import { AppError } from '@keyturn/contracts';
import type { Authenticate } from '@keyturn/store';

/** Who calls, where their key may send. Throws `request.unauthenticated`, `request.forbidden` without the scope `send`, `request.crowded_out`. */
export async function requireSend(authenticate: Authenticate, authorization: string | undefined): Promise<string> {
  const { actor, scopes } = await authenticate(authorization);
  if (scopes.includes('send') || scopes.includes('admin')) return actor;
  throw new AppError(
    'request.forbidden',
    `This needs an API key with the scope send; this one has ${scopes.join(', ')}. An admin makes one with \`keyturn keys create --scope send\`.`,
    { detail: { missingScope: 'send', scopes } },
  );
}

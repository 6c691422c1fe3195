import { z } from 'zod';
import { Scope } from './http.ts';

/** What a member is, all in all: a `viewer` looks, an `operator` decides too, an `admin` may do all and says who else may. */
export const Role = z.enum(['viewer', 'operator', 'admin']);
export type Role = z.infer<typeof Role>;

/** What each role may do, in the scopes that a key has. */
export const roleScopes: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  operator: ['read', 'identity:decide', 'consent:write', 'contact:write'],
  admin: Scope.options,
};

/** Who may call a route: whoever has the scope, by a key or by a role; whoever is somebody, by any key or session; or everybody. */
export type Who = Scope | 'somebody' | 'everybody';

/** Every route of ours, and who may call it: the one place that says so. A route that is not here does not start. */
export const policy: Readonly<Record<string, Who>> = {
  // signing in
  'GET /auth/methods': 'everybody',
  'POST /auth/login': 'everybody',
  'POST /auth/first-admin': 'everybody',
  'POST /auth/invitation': 'everybody',
  'GET /auth/oidc/start': 'everybody',
  'GET /auth/oidc/callback': 'everybody',
  'POST /auth/logout': 'somebody',
  'GET /v1/me': 'somebody',
  // members, and what was done
  'GET /v1/members': 'admin',
  'POST /v1/members': 'admin',
  'PATCH /v1/members/{memberId}': 'admin',
  'POST /v1/members/{memberId}/invitation': 'admin',
  'GET /v1/actors': 'read',
  'GET /v1/sessions': 'somebody',
  'DELETE /v1/sessions/{sessionId}': 'somebody',
  'GET /v1/audit': 'admin',
  'POST /v1/keys': 'admin',
  'GET /v1/keys': 'admin',
  'DELETE /v1/keys/{keyId}': 'admin',
  // people
  'GET /v1/identity-changes': 'read',
  'GET /v1/identity-changes/counts': 'read',
  'GET /v1/stream': 'read',
  'POST /v1/contacts/search': 'read',
  'GET /v1/contacts/{contactId}': 'read',
  'GET /v1/contacts/{contactId}/timeline': 'read',
  'GET /v1/contacts/{contactId}/messages': 'read',
  'GET /v1/decisions': 'read',
  'GET /v1/contacts/{contactId}/identity/exposure': 'read',
  'POST /v1/contacts/{contactId}/identity/preview': 'read',
  'POST /v1/contacts/{contactId}/identity/acknowledgements': 'identity:decide',
  'GET /v1/contacts/{contactId}/business-block': 'read',
  'PUT /v1/contacts/{contactId}/business-block': 'contact:write',
  'DELETE /v1/contacts/{contactId}/business-block': 'contact:write',
  'GET /v1/business-blocks': 'read',
  'POST /v1/contacts/{contactId}/consents': 'consent:write',
  'GET /v1/contacts/{contactId}/consents': 'read',
  'POST /v1/consents': 'consent:write',
  'POST /v1/bulk-decisions': 'identity:decide',
  'GET /v1/bulk-decisions': 'read',
  'GET /v1/bulk-decisions/{bulkId}': 'read',
  'POST /v1/bulk-decisions/{bulkId}/run': 'identity:decide',
  'POST /v1/bulk-decisions/{bulkId}/cancel': 'identity:decide',
  'GET /v1/bulk-decisions/{bulkId}/rows': 'read',
  'GET /v1/bulk-decisions/{bulkId}/report': 'read',
  'GET /onprem/v1/contacts/{waId}/identity': 'read',
  'PUT /onprem/v1/contacts/{waId}/identity': 'identity:decide',
  // how people are verified
  'GET /v1/runbook': 'read',
  'PUT /v1/runbook': 'admin',
  'GET /v1/contacts/{contactId}/identity/runbook': 'read',
  // what the business is asked to verify
  'GET /v1/verification-rules': 'admin',
  'PUT /v1/verification-rules': 'admin',
  'GET /v1/verification-endpoints/{endpoint}/secret': 'admin',
  'GET /v1/verifications': 'read',
  'GET /v1/verifications/{requestId}': 'read',
  'POST /v1/verification-callbacks/{token}': 'everybody', // the path is the key
  // alerts
  'GET /v1/alert-rules': 'read',
  'POST /v1/alert-rules': 'admin',
  'PUT /v1/alert-rules/{name}': 'admin',
  'DELETE /v1/alert-rules/{name}': 'admin',
  'GET /v1/alert-routes': 'admin',
  'POST /v1/alert-routes': 'admin',
  'PUT /v1/alert-routes/{name}': 'admin',
  'DELETE /v1/alert-routes/{name}': 'admin',
  'GET /v1/alert-routes/{name}/secret': 'admin',
  'POST /v1/alert-routes/{name}/test': 'admin',
  'GET /v1/alerts': 'read',
  'POST /v1/alerts/{alertId}/take': 'identity:decide',
  'GET /v1/alert-deliveries': 'read',
  // the line
  'GET /v1/health': 'read',
  'GET /v1/health/webhooks': 'read',
  'GET /v1/retention': 'read',
  'GET /v1/dead-letters': 'read',
  'GET /v1/dead-letters/{deadLetterId}': 'read',
  'POST /v1/dead-letters/redrive': 'admin',
  'POST /v1/dead-letters/discard': 'admin',
  'GET /v1/dead-letter-decisions/{decisionId}': 'read',
  'GET /v1/scopes': 'read',
  'POST /v1/scope-moves': 'admin',
  'GET /v1/phone-numbers': 'read',
  'GET /v1/phone-numbers/{phoneNumberId}': 'read',
  'GET /v1/templates': 'read',
  'GET /v1/platform-tokens': 'admin',
  'POST /v1/platform-tokens': 'admin',
  'DELETE /v1/platform-tokens/{tokenId}': 'admin',
  'POST /v1/platform-tokens/reseal': 'admin',
  // the gate, the ingress, and every process
  'POST /v1/decisions': 'send',
  'GET /webhook': 'everybody',
  'POST /webhook': 'everybody', // the platform signs what it sends
  'GET /healthz': 'everybody',
  'GET /readyz': 'everybody',
  'GET /metrics': 'everybody',
};

/** Who may call a route, such as `GET /v1/contacts/{contactId}`. Throws where the policy says nothing of it. */
export function whoMay(route: string): Who {
  const who = policy[route];
  if (who === undefined) throw new Error(`${route} is not in packages/contracts/src/policy.ts: nobody said who may call it`);
  return who;
}

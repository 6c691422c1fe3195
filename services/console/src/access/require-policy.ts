import { policy, whoMay } from '@keyturn/contracts';
import { servedRoutes } from '@keyturn/runtime';
import type { Router } from 'express';
import { guardedFor } from './guard.ts';

/** Every route that is served is kept for whom the policy names, and nothing else is served. Throws naming each route of which that is not so: then the
 *  console does not start. */
export function requirePolicy(router: Router): void {
  const faults = servedRoutes(router).flatMap(({ route, handlers: [first] }) => {
    if (policy[route] === undefined) return [`${route} is not in packages/contracts/src/policy.ts`];
    const kept = guardedFor(first) ?? 'everybody';
    return kept === whoMay(route) ? [] : [`${route} is kept for ${kept}, and the policy says ${whoMay(route)}`];
  });
  if (faults.length > 0) throw new Error(`not every route is kept as the policy says: ${faults.join('; ')}`);
}

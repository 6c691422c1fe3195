import { AppError, invalidField } from '@keyturn/contracts';
import { storeError } from '@keyturn/store';
import { type NextFunction, type Request, type Response, Router } from 'express';
import { requirePolicy } from './access/require-policy.ts';
import { acknowledgementsRoute } from './routes/acknowledgements.route.ts';
import { actorsRoute } from './routes/actors.route.ts';
import { alertRoutesRoute } from './routes/alert-routes.route.ts';
import { alertRulesRoute } from './routes/alert-rules.route.ts';
import { alertsRoute } from './routes/alerts.route.ts';
import { auditRoute } from './routes/audit.route.ts';
import { bulkDecisionsRoute } from './routes/bulk-decisions.route.ts';
import { businessBlockRoute } from './routes/business-block.route.ts';
import { consentsRoute } from './routes/consents.route.ts';
import { contactRoute } from './routes/contact.route.ts';
import { contactSearchRoute } from './routes/contact-search.route.ts';
import { deadLettersRoute } from './routes/dead-letters.route.ts';
import { decisionsRoute } from './routes/decisions.route.ts';
import type { Deps } from './routes/deps.ts';
import { exposureRoute } from './routes/exposure.route.ts';
import { healthRoute } from './routes/health.route.ts';
import { identityChangesRoute } from './routes/identity-changes.route.ts';
import { identityPreviewRoute } from './routes/identity-preview.route.ts';
import { invitationRoute } from './routes/invitation.route.ts';
import { keysRoute } from './routes/keys.route.ts';
import { loginRoute } from './routes/login.route.ts';
import { meRoute } from './routes/me.route.ts';
import { membersRoute } from './routes/members.route.ts';
import { messagesRoute } from './routes/messages.route.ts';
import { oidcRoute } from './routes/oidc.route.ts';
import { onpremIdentityRoute } from './routes/onprem-identity.route.ts';
import { phoneNumbersRoute } from './routes/phone-numbers.route.ts';
import { platformTokensRoute } from './routes/platform-tokens.route.ts';
import { retentionRoute } from './routes/retention.route.ts';
import { runbookRoute } from './routes/runbook.route.ts';
import { scopesRoute } from './routes/scopes.route.ts';
import { sessionsRoute } from './routes/sessions.route.ts';
import { streamRoute } from './routes/stream.route.ts';
import { templatesRoute } from './routes/templates.route.ts';
import { timelineRoute } from './routes/timeline.route.ts';
import { verificationRulesRoute } from './routes/verification-rules.route.ts';
import { verificationsRoute } from './routes/verifications.route.ts';

/** All routes of the console, each kept for whom the policy names; throws where one is not. A failure of the database is answered as what it is: 503, try
 *  again. */
export function api(deps: Deps): Router {
  const router = Router()
    .use((req: Request, _res: Response, next: NextFunction) => next(unstorableIn(req.query)))
    .use(loginRoute(deps))
    .use(invitationRoute(deps))
    .use(oidcRoute(deps))
    .use(meRoute(deps))
    .use(membersRoute(deps))
    .use(actorsRoute(deps))
    .use(sessionsRoute(deps))
    .use(auditRoute(deps))
    .use(identityChangesRoute(deps))
    .use(streamRoute(deps))
    .use(bulkDecisionsRoute(deps))
    .use(contactSearchRoute(deps))
    .use(contactRoute(deps))
    .use(timelineRoute(deps))
    .use(messagesRoute(deps))
    .use(decisionsRoute(deps))
    .use(exposureRoute(deps))
    .use(healthRoute(deps))
    .use(retentionRoute(deps))
    .use(identityPreviewRoute(deps))
    .use(acknowledgementsRoute(deps))
    .use(businessBlockRoute(deps))
    .use(consentsRoute(deps))
    .use(deadLettersRoute(deps))
    .use(phoneNumbersRoute(deps))
    .use(templatesRoute(deps))
    .use(keysRoute(deps))
    .use(platformTokensRoute(deps))
    .use(scopesRoute(deps))
    .use(onpremIdentityRoute(deps))
    .use(runbookRoute(deps))
    .use(verificationRulesRoute(deps))
    .use(verificationsRoute(deps))
    .use(alertRulesRoute(deps))
    .use(alertRoutesRoute(deps))
    .use(alertsRoute(deps))
    .use((error: unknown, _req: Request, res: Response, next: NextFunction) => next(withoutInsides(storeError(error), res)));
  requirePolicy(router);
  return router;
}

/** No parameter of ours holds NUL, and PostgreSQL takes none. */
function unstorableIn(query: Request['query']): AppError | undefined {
  const name = Object.keys(query).find((one) => typeof query[one] === 'string' && query[one].includes('\0'));
  return name === undefined
    ? undefined
    : invalidField(name, 'holds a character that can’t be looked for (NUL). Leave it out.', 'not_storable');
}

/** The database's own words name hosts and users: they are for the log. */
function withoutInsides(error: unknown, res: Response): unknown {
  if (!(error instanceof AppError) || error.code !== 'store.unavailable') return error;
  res.locals.line = { cause: error.message };
  return new AppError('store.unavailable', 'The database does not answer at the moment, and nothing was changed. Send it again.', {
    cause: error,
  });
}

import { AppError, VerificationRulesRequest } from '@keyturn/contracts';
import { jsonBody, readJson, webhookSecret } from '@keyturn/runtime';
import { actorOf, readVerificationRules, setVerificationRules } from '@keyturn/store';
import { Router } from 'express';
import { faultOfUrl } from '../verification/settings.ts';
import type { Deps } from './deps.ts';

/** All with scope `admin`, else 401 or 403; 503 while the database is away. `GET /v1/verification-rules`: 200 with the rules in force. `PUT` with the version that was
 *  seen and a `reason`: 200; 400; 409 with the present rules where those are others, or where there is no key to sign with; 422 naming the field. `GET
 *  /v1/verification-endpoints/{endpoint}/secret`: 200; 404; 409 there is no key. */
export function verificationRulesRoute({ pool, allow, now, verification }: Pick<Deps, 'pool' | 'allow' | 'now' | 'verification'>): Router {
  return Router()
    .get('/v1/verification-rules', allow('admin'), async (_req, res) => {
      res.json(await readVerificationRules(pool));
    })
    .put('/v1/verification-rules', allow('admin'), jsonBody, async (req, res) => {
      const wanted = readJson(VerificationRulesRequest, req);
      const settings = requireKey(verification);
      for (const [i, { url }] of wanted.endpoints.entries()) {
        const fault = faultOfUrl(settings, url);
        if (fault !== undefined) throw new AppError('request.invalid', `endpoints.${i}.url: ${fault}.`);
      }
      res.json(await setVerificationRules(pool, wanted, actorOf(res), now()));
    })
    .get('/v1/verification-endpoints/:endpoint/secret', allow('admin'), async (req, res) => {
      const { keys } = requireKey(verification);
      const { endpoints } = await readVerificationRules(pool);
      const found = endpoints.find(({ name }) => name === req.params.endpoint);
      if (found === undefined)
        throw new AppError('verification.not_found', 'No endpoint has this name. GET /v1/verification-rules has them.');
      const { name, secretVersion } = found;
      res.json({ endpoint: name, secretVersion, secret: webhookSecret(keys[0], name, secretVersion) });
    });
}

/** Throws `verification.off` where the console was given no key. */
export function requireKey(settings: Deps['verification']): NonNullable<Deps['verification']> {
  if (settings !== null) return settings;
  throw new AppError(
    'verification.off',
    'This console has no KEYTURN_VERIFICATION_KEY, so it can neither ask the business nor know its answers. Set it and start it again.',
  );
}

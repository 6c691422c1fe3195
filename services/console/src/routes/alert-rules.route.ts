import { AlertRule, type AlertRuleJson, AlertRuleRequest } from '@keyturn/contracts';
import { jsonBody, readJson } from '@keyturn/runtime';
import { actorOf, createAlertRule, deleteAlertRule, endAlertsOf, listAlertRules, setAlertRule, transact } from '@keyturn/store';
import { Router } from 'express';
import { actsOn } from '../access/record.ts';
import type { Deps } from './deps.ts';

/** `GET /v1/alert-rules` with scope `read`: 200. All else with scope `admin`. All: 401, 403; 503 while the database is away. `POST`: 201; 409 there is one of the name. `PUT
 *  /v1/alert-rules/{name}` with the version that was seen: 200; 404; 409 with the present one where that is another. Both: 400; 422 naming the field. `DELETE`: 204;
 *  404. */
export function alertRulesRoute({ pool, allow, now, newId }: Pick<Deps, 'pool' | 'allow' | 'now' | 'newId'>): Router {
  return Router()
    .get('/v1/alert-rules', allow('read'), async (_req, res) => {
      res.json({ items: await listAlertRules(pool), nextCursor: null });
    })
    .post('/v1/alert-rules', allow('admin'), jsonBody, async (req, res) => {
      const rule = readJson(AlertRule, req);
      actsOn(res, `rule:${rule.name}`);
      res.status(201).json(await transact(pool, (tx) => createAlertRule(tx, rule, { actor: actorOf(res), at: now() })));
    })
    .put('/v1/alert-rules/:name', allow('admin'), jsonBody, async (req, res) => {
      const name = String(req.params.name);
      actsOn(res, `rule:${name}`);
      const wanted = readJson(AlertRuleRequest, req);
      const at = now();
      const set = await transact(pool, async (tx) => {
        const before = (await listAlertRules(tx)).find(({ rule }) => rule.name === name);
        const after = await setAlertRule(tx, name, wanted, { actor: actorOf(res), at });
        if (before !== undefined && asks(before) !== asks(after)) await endAlertsOf(tx, name, { newId, at });
        return after;
      });
      res.json(set);
    })
    .delete('/v1/alert-rules/:name', allow('admin'), async (req, res) => {
      const name = String(req.params.name);
      actsOn(res, `rule:${name}`);
      const at = now();
      await transact(pool, async (tx) => {
        await deleteAlertRule(tx, name, { actor: actorOf(res), at });
        await endAlertsOf(tx, name, { newId, at });
      });
      res.sendStatus(204);
    });
}

/** What a rule looks for: of another thing the alerts before say nothing. */
const asks = ({ rule }: AlertRuleJson): string => JSON.stringify([rule.kind, 'when' in rule ? rule.when : null]);

import { z } from 'zod';
import { type DeclaredRoute, json } from '../route.ts';
import { AlertRoute, AlertRouteJson, AlertRouteRequest, AlertRouteSecretJson, AlertRoutesPage } from './alert-routes.ts';
import { AlertRule, AlertRuleJson, AlertRuleRequest, AlertRulesPage } from './alert-rules.ts';
import { AlertDeliveriesPage, AlertDeliveriesQuery, AlertDeliveryJson, AlertJson, AlertsPage, AlertsQuery } from './alerts.ts';

const name = { name: z.string() };

/** On `CONSOLE_PORT`: what is alerted, where it is told, and what became of it. */
export const alertingRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/alert-rules', operationId: 'listAlertRules' },
    summary: 'What is looked for, whom it is told, and what follows when nobody takes it.',
    answers: [json(200, 'All rules, by name.', AlertRulesPage)],
    problems: [],
  },
  {
    ...{ method: 'post', path: '/v1/alert-rules', operationId: 'createAlertRule' },
    summary: 'Makes a rule, which holds at once.',
    body: AlertRule,
    answers: [json(201, 'The rule.', AlertRuleJson)],
    problems: ['alert.conflict'],
  },
  {
    ...{ method: 'put', path: '/v1/alert-rules/{name}', operationId: 'setAlertRule', params: name },
    summary: 'Puts a rule in the place of the one that was seen.',
    body: AlertRuleRequest,
    answers: [json(200, 'The rule.', AlertRuleJson)],
    problems: ['alert.not_found', 'alert.conflict'],
  },
  {
    ...{ method: 'delete', path: '/v1/alert-rules/{name}', operationId: 'deleteAlertRule', params: name },
    summary: 'Takes a rule away. What it had open ends.',
    answers: [{ status: 204, means: 'It is gone.' }],
    problems: ['alert.not_found'],
  },
  {
    ...{ method: 'get', path: '/v1/alert-routes', operationId: 'listAlertRoutes' },
    summary: 'Where alerts go, and how each route fares. Never a secret.',
    answers: [json(200, 'All routes, by name.', AlertRoutesPage)],
    problems: [],
  },
  {
    ...{ method: 'post', path: '/v1/alert-routes', operationId: 'createAlertRoute' },
    summary: 'Makes a route. Its secrets are kept encrypted.',
    body: AlertRoute,
    answers: [json(201, 'The route.', AlertRouteJson)],
    problems: ['alert.conflict', 'alert.off'],
  },
  {
    ...{ method: 'put', path: '/v1/alert-routes/{name}', operationId: 'setAlertRoute', params: name },
    summary: 'Puts a route in the place of the one that was seen. A secret that is left out stays.',
    body: AlertRouteRequest,
    answers: [json(200, 'The route.', AlertRouteJson)],
    problems: ['alert.not_found', 'alert.conflict', 'alert.off'],
  },
  {
    ...{ method: 'delete', path: '/v1/alert-routes/{name}', operationId: 'deleteAlertRoute', params: name },
    summary: 'Takes a route away that no rule names.',
    answers: [{ status: 204, means: 'It is gone, and what it was still to take with it.' }],
    problems: ['alert.not_found', 'alert.conflict'],
  },
  {
    ...{ method: 'get', path: '/v1/alert-routes/{name}/secret', operationId: 'getAlertRouteSecret', params: name },
    summary: 'The secret by which the receiver of a webhook route verifies what it gets.',
    answers: [json(200, 'The newest one of the route.', AlertRouteSecretJson)],
    problems: ['alert.not_found', 'alert.off'],
  },
  {
    ...{ method: 'post', path: '/v1/alert-routes/{name}/test', operationId: 'testAlertRoute', params: name },
    summary: 'Sends one message to a route, now and once.',
    answers: [json(200, 'How that ended, with what the route answered.', AlertDeliveryJson)],
    problems: ['alert.not_found', 'alert.off'],
  },
  {
    ...{ method: 'get', path: '/v1/alerts', operationId: 'listAlerts' },
    summary: 'What is wrong now, one alert a cause, the newest first; with `status=all` also what is over.',
    query: AlertsQuery,
    answers: [json(200, 'A page of them.', AlertsPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'post', path: '/v1/alerts/{alertId}/take', operationId: 'takeAlert' },
    summary: 'Says that somebody is at it: nobody else is told of it from now on.',
    params: { alertId: z.uuid() },
    answers: [json(200, 'Taken, now or before by the same.', AlertJson)],
    problems: ['alert.not_found', 'alert.conflict'],
  },
  {
    ...{ method: 'get', path: '/v1/alert-deliveries', operationId: 'listAlertDeliveries' },
    summary: 'What was told to which route, the newest first, and how the last attempt ended.',
    query: AlertDeliveriesQuery,
    answers: [json(200, 'A page of them.', AlertDeliveriesPage)],
    problems: ['request.invalid'],
  },
];

import { z } from 'zod';
import { type DeclaredRoute, json } from './route.ts';
import {
  VerificationAnswer,
  VerificationAnsweredJson,
  VerificationDetailJson,
  VerificationRulesJson,
  VerificationRulesRequest,
  VerificationSecretJson,
  VerificationsPage,
  VerificationsQuery,
} from './verification.ts';

/** On `CONSOLE_PORT`: what the business is asked to verify, by which rules, and what it answers. */
export const verificationRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/verification-rules', operationId: 'getVerificationRules' },
    summary: 'Which blocks the business is asked about, where, and what it may answer.',
    answers: [json(200, 'The rules in force.', VerificationRulesJson)],
    problems: [],
  },
  {
    ...{ method: 'put', path: '/v1/verification-rules', operationId: 'setVerificationRules' },
    summary: 'Puts rules in the place of those that were seen.',
    body: VerificationRulesRequest,
    answers: [json(200, 'The rules, now in force.', VerificationRulesJson)],
    problems: ['verification.conflict', 'verification.off'],
  },
  {
    ...{ method: 'get', path: '/v1/verification-endpoints/{endpoint}/secret', operationId: 'getVerificationSecret' },
    summary: 'The secret by which an endpoint verifies what it gets.',
    params: { endpoint: z.string() },
    answers: [json(200, 'The newest one of the endpoint.', VerificationSecretJson)],
    problems: ['verification.not_found', 'verification.off'],
  },
  {
    ...{ method: 'get', path: '/v1/verifications', operationId: 'listVerifications' },
    summary: 'What the business was asked, newest first, in one status or about one contact.',
    query: VerificationsQuery,
    answers: [json(200, 'A page of them.', VerificationsPage)],
    problems: ['request.invalid'],
  },
  {
    ...{ method: 'get', path: '/v1/verifications/{requestId}', operationId: 'getVerification' },
    summary: 'One request to the business, with each attempt to deliver it and the answer.',
    params: { requestId: z.uuid() },
    answers: [json(200, 'All of it.', VerificationDetailJson)],
    problems: ['verification.not_found'],
  },
  {
    ...{ method: 'post', path: '/v1/verification-callbacks/{token}', operationId: 'answerVerification' },
    summary: 'Answers a request. The path is in the request itself and takes no key: it is one.',
    params: { token: z.string() },
    body: VerificationAnswer,
    answers: [json(200, 'What it came to, now or when the same was answered before.', VerificationAnsweredJson)],
    problems: [
      'verification.not_found',
      'verification.conflict',
      'verification.off',
      'identity.conflict',
      'contact.not_found',
      'store.unavailable',
      'store.conflict',
    ],
  },
];

import { z } from 'zod';
import { PlatformTokenJson, PlatformTokenRequest, PlatformTokensPage, PlatformTokensResealedJson } from './platform-tokens.ts';
import { type DeclaredRoute, json } from './route.ts';

/** On `CONSOLE_PORT`: the platform's tokens that the gate sends with, for whoever comes with a key of ours alone. */
export const platformTokenRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/platform-tokens', operationId: 'listPlatformTokens' },
    summary: 'Whose tokens the gate holds or held, and who set and removed them; never a token itself.',
    answers: [json(200, 'All of them.', PlatformTokensPage)],
    problems: [],
  },
  {
    ...{ method: 'post', path: '/v1/platform-tokens', operationId: 'setPlatformToken' },
    summary: 'Gives the gate the platform’s token of a number or WABA, in place of the one before.',
    body: PlatformTokenRequest,
    answers: [json(201, 'It is held, encrypted; the gate sends with it within a second.', PlatformTokenJson)],
    problems: ['platform_token.off'],
  },
  {
    ...{ method: 'delete', path: '/v1/platform-tokens/{tokenId}', operationId: 'removePlatformToken' },
    summary: 'Erases a token; within a second the gate sends nothing with it.',
    params: { tokenId: z.uuid() },
    answers: [{ status: 204, means: 'It is erased, or was before.' }],
    problems: ['platform_token.not_found'],
  },
  {
    ...{ method: 'post', path: '/v1/platform-tokens/reseal', operationId: 'resealPlatformTokens' },
    summary: 'Encrypts every token with the current key that is under the previous one.',
    answers: [json(200, 'How many were, and how many no key opens.', PlatformTokensResealedJson)],
    problems: ['platform_token.off'],
  },
];

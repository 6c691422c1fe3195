import type { Graph } from '@keyturn/runtime';
import { z } from 'zod';
import { type Finding, good, unreadable } from './finding.ts';

const Debugged = z.looseObject({
  data: z.looseObject({
    app_id: z.coerce.string().optional(),
    is_valid: z.boolean().catch(false),
    expires_at: z.coerce.number().catch(0),
    scopes: z.array(z.string()).catch([]),
    granular_scopes: z
      .array(z.looseObject({ scope: z.string(), target_ids: z.array(z.coerce.string()).optional() }))
      .optional()
      .catch(undefined),
  }),
});
const SCOPES = ['whatsapp_business_management', 'whatsapp_business_messaging'];
/** https://developers.facebook.com/docs/graph-api/guides/error-handling, read 2026. */
const NOT_VALID = 190;
const SOON_MS = 14 * 24 * 60 * 60 * 1_000;

/** What the token is good for, and what else can be told by it: whose app it is, and which accounts it is for. */
export type Token = { readonly appId: string | null; readonly wabaIds: readonly string[]; readonly findings: readonly Finding[] };

/** Looks at the token itself. Its text goes to the platform alone. */
export async function lookAtToken(graph: Graph, accessToken: string, now: Date): Promise<Token> {
  const answer = await graph.get('debug_token', { input_token: accessToken });
  if (answer.kind === 'refused' && answer.refusal.code === NOT_VALID)
    return { appId: null, wabaIds: [], findings: [validity(false, 0, now)] };
  if (answer.kind === 'refused') {
    const why = 'Whether it ends soon, and what it may do, can not be told.';
    return { appId: null, wabaIds: [], findings: [unreadable('token', 'validity', answer.refusal, why)] };
  }
  const read = Debugged.safeParse(answer.body).data?.data;
  if (read === undefined)
    return {
      appId: null,
      wabaIds: [],
      findings: [
        { about: 'token', check: 'validity', state: 'unreadable', found: "can't be read: the platform answered something else", why: '' },
      ],
    };
  const targets = read.granular_scopes?.filter(({ scope }) => SCOPES.includes(scope)).flatMap(({ target_ids }) => target_ids ?? []) ?? [];
  return {
    appId: read.app_id ?? null,
    wabaIds: [...new Set(targets)],
    findings: [validity(read.is_valid, read.expires_at, now), scopes(read.scopes)],
  };
}

function validity(isValid: boolean, expiresAt: number, now: Date): Finding {
  const ends = expiresAt === 0 ? 'does not expire' : `ends at ${new Date(expiresAt * 1_000).toISOString()}`;
  const isSoon = expiresAt !== 0 && expiresAt * 1_000 - now.getTime() < SOON_MS;
  if (isValid && !isSoon) return good('token', 'validity', ends);
  const why = isValid ? 'After that nothing can be read or set with it.' : 'Nothing can be read or set with it.';
  const wayOut = 'Make one of a system user that does not expire, in the business settings.';
  return { about: 'token', check: 'validity', state: 'bad', found: isValid ? ends : 'is not valid', why: `${why} ${wayOut}` };
}

function scopes(given: readonly string[]): Finding {
  const missing = SCOPES.filter((scope) => !given.includes(scope));
  if (missing.length === 0) return good('token', 'permissions', SCOPES.join(', '));
  const why =
    'Webhooks of messages need whatsapp_business_messaging, all others whatsapp_business_management. Give them to the system user.';
  return { about: 'token', check: 'permissions', state: 'bad', found: `lacks ${missing.join(', ')}`, why };
}

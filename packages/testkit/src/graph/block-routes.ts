import { type Request, type Response, Router } from 'express';
import { graphPage, mayDo } from './graph-access.ts';
import { graphError, graphErrorBody, invalidParameter, noSuchObject, notPermitted } from './graph-error.ts';
import type { GraphNumber, GraphWorld } from './graph-world.ts';
import { numberIn } from './number-routes.ts';

type User = { user?: unknown; user_id?: unknown };
type Done = { input: string; wa_id?: string; user_id?: string };
type Failed = Done & { errors: object[] };

/** `block_users` of a number: only who wrote in the last 24 hours, so many and no more; what fails for some is said beside what was done. */
export function blockRoutes(world: GraphWorld): Router {
  const withNumber = (work: (number: GraphNumber, req: Request, res: Response) => void) => (req: Request, res: Response) => {
    const found = numberIn(world, String(req.params.id));
    if (found === null) return noSuchObject(res, req.method, String(req.params.id));
    if (!mayDo(res, 'whatsapp_business_messaging')) return notPermitted(res);
    work(found.number, req, res);
  };
  return Router()
    .get('/:id/block_users', withNumber(list))
    .post(
      '/:id/block_users',
      withNumber((number, req, res) => change(req, res, 'added_users', (id) => block(world, number, id))),
    )
    .delete(
      '/:id/block_users',
      withNumber((number, req, res) => change(req, res, 'removed_users', (id) => unblock(number, id))),
    );
}

function list(number: GraphNumber, req: Request, res: Response): void {
  const blocked = [...number.blocked].map((id) => ({ messaging_product: 'whatsapp', ...named(id) }));
  res.json(graphPage(req, blocked));
}

const isWaId = (id: string) => /^\d+$/.test(id);
const named = (id: string) => (isWaId(id) ? { wa_id: id } : { user_id: id });

/** Answers why not; null: done. */
function block({ blockedMax }: GraphWorld, number: GraphNumber, id: string): number | null {
  if (number.blocked.has(id)) return null;
  if (!number.recentWriters.has(id)) return 131_047;
  if (number.blocked.size >= blockedMax) return 139_101;
  number.blocked.add(id);
  return null;
}

function unblock(number: GraphNumber, id: string): number | null {
  number.blocked.delete(id);
  return null;
}

const reasons: Record<number, [message: string, details: string]> = {
  131047: ['Re-engagement message', 'The user has not messaged this number in the last 24 hours'],
  139101: ['Blocklist limit reached', 'The blocklist of this number is full'],
};

function change(req: Request, res: Response, key: 'added_users' | 'removed_users', one: (id: string) => number | null): void {
  const body = req.body as { messaging_product?: unknown; block_users?: User[] } | undefined;
  const users = Array.isArray(body?.block_users) ? body.block_users : [];
  const inputs = users.map(({ user, user_id }) => user ?? user_id);
  if (body?.messaging_product !== 'whatsapp' || inputs.length === 0 || !inputs.every((input) => typeof input === 'string')) {
    invalidParameter(res, 'messaging_product must be whatsapp, and block_users name users');
    return;
  }
  const [done, failed]: [Done[], Failed[]] = [[], []];
  for (const input of inputs as string[]) {
    const id = input.replace(/^\+(?=\d+$)/, '');
    const code = one(id);
    if (code === null) done.push({ input, ...named(id) });
    else failed.push({ input, ...named(id), errors: [refusalOf(code)] });
  }
  const outcome = { messaging_product: 'whatsapp', block_users: { [key]: done, ...(failed.length === 0 ? {} : { failed_users: failed }) } };
  const details = 'Failed to block some users, see the block_users response list for details';
  if (failed.length === 0) res.json(outcome);
  else graphError(res, 400, { code: 139_100, message: '(#139100) Failed to block/unblock users', error_data: { details } }, outcome);
}

function refusalOf(code: number): object {
  const [message, details] = reasons[code] ?? ['Internal error', ''];
  const { error } = graphErrorBody({ code, message: `(#${code}) ${message}`, error_data: { details } });
  return { message: error.message, code, error_data: error.error_data };
}

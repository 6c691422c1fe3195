import { type RequestHandler, Router } from 'express';
import { mayDo } from './graph-access.ts';
import { invalidParameter, noSuchObject, notPermitted } from './graph-error.ts';
import type { GraphNumber, GraphWaba, GraphWorld } from './graph-world.ts';
import { callbackRefused, verifyCallback } from './verify-callback.ts';

/** The business number in the path, and its account; null: this id is no number. */
export const numberIn = (world: GraphWorld, id: string): { waba: GraphWaba; number: GraphNumber } | null =>
  world.wabas.flatMap((waba) => waba.numbers.filter((number) => number.id === id).map((number) => ({ waba, number })))[0] ?? null;

/** A business number as reading it shows it; `fields` picks. */
export function numberJson({ waba, number }: { waba: GraphWaba; number: GraphNumber }, world: GraphWorld, fields?: string): object {
  const application = world.apps[0]?.webhook?.callbackUrl;
  const ofWaba = [...waba.subscribed.values()][0]?.override;
  const all: Record<string, unknown> = {
    verified_name: number.verifiedName,
    code_verification_status: 'VERIFIED',
    display_phone_number: number.displayPhoneNumber,
    quality_rating: number.qualityRating,
    status: number.status,
    messaging_limit_tier: number.messagingLimitTier,
    platform_type: 'CLOUD_API',
    webhook_configuration: {
      ...(number.override === null ? {} : { phone_number: number.override }),
      ...(ofWaba ? { whatsapp_business_account: ofWaba } : {}),
      ...(application === undefined ? {} : { application }),
    },
  };
  const shown =
    fields === undefined ? ['verified_name', 'code_verification_status', 'display_phone_number', 'quality_rating'] : fields.split(',');
  return { ...Object.fromEntries(shown.filter((name) => name in all).map((name) => [name, all[name]])), id: number.id };
}

/** What the platform answers about a business number: the node, its settings, its callback. */
export function numberRoutes(world: GraphWorld): Router {
  const update: RequestHandler = async (req, res, next) => {
    const found = numberIn(world, String(req.params.id));
    if (found === null) return next();
    if (!mayDo(res, 'whatsapp_business_management')) return notPermitted(res);
    const asked = (req.body as { webhook_configuration?: { override_callback_uri?: string; verify_token?: string } } | undefined)
      ?.webhook_configuration;
    if (asked?.override_callback_uri === undefined) return invalidParameter(res, 'webhook_configuration.override_callback_uri is required');
    const { override_callback_uri: uri, verify_token: token } = asked;
    if (uri !== '' && !(await verifyCallback(uri, token))) return callbackRefused(res);
    found.number.override = uri === '' ? null : uri;
    res.json({ success: true });
  };
  return Router()
    .get('/:id/settings', (req, res) => {
      const found = numberIn(world, req.params.id);
      if (found === null) return noSuchObject(res, req.method, req.params.id);
      if (!mayDo(res, 'whatsapp_business_management')) return notPermitted(res);
      res.json(settingsJson(world, found.number));
    })
    .post('/:id/settings', (req, res) => {
      const found = numberIn(world, req.params.id);
      if (found === null) return noSuchObject(res, req.method, req.params.id);
      if (!mayDo(res, 'whatsapp_business_management')) return notPermitted(res);
      const wrong = changeSettings(world, found.number, req.body);
      if (wrong !== null) return invalidParameter(res, wrong);
      res.json({ success: true });
    })
    .post('/:id', update);
}

function settingsJson({ identity }: GraphWorld, number: GraphNumber): object {
  const name = identity.property === 'enabled' ? 'enabled' : 'enable_identity_key_check';
  return {
    calling: number.calling,
    payload_encryption: { status: 'disabled' },
    storage_configuration: { status: 'default' },
    ...(identity.readable && number.identityCheck !== null ? { user_identity_change: { [name]: number.identityCheck } } : {}),
  };
}

const FEATURES = ['calling', 'user_identity_change', 'payload_encryption', 'storage_configuration'];
/** What is wrong with it; null: it is done. One feature at a time. */
function changeSettings({ identity }: GraphWorld, number: GraphNumber, body: unknown): string | null {
  const features = Object.keys((body as object | undefined) ?? {}).filter((name) => FEATURES.includes(name));
  if (features.length !== 1) return 'Specify exactly one feature per settings request';
  const change = (body as { user_identity_change?: Record<string, unknown> }).user_identity_change;
  if (change === undefined) return 'The local platform changes the identity check alone';
  const names = identity.property === 'both' ? ['enable_identity_key_check', 'enabled'] : [identity.property];
  const unknown = Object.keys(change).find((name) => !names.includes(name));
  if (unknown !== undefined) return `Unexpected key "${unknown}" on param "user_identity_change"`;
  const [name] = Object.keys(change);
  const value = name === undefined ? undefined : change[name];
  if (typeof value !== 'boolean') return 'user_identity_change must have a boolean';
  number.identityCheck = value;
  return null;
}

import type { IncomingMessage } from 'node:http';
import type { Count, GateDecision, GatePolicy, Send } from '@keyturn/domain';
import { type Answer, type Breaker, bodyReader, directRoute, type Log, parseJson } from '@keyturn/runtime';
import { type Authenticate, forCaller } from '@keyturn/store';
import { Router } from 'express';
import type { AfterSend, Going } from './after-send.ts';
import { parametersIn } from './another-call.ts';
import { bearerOf, callerOf } from './caller.ts';
import type { CountedSend, CountSends } from './count-sends.ts';
import { giveBack } from './give-back.ts';
import { denial, type GraphRefusal, invalidParameter, passesNot } from './graph-error.ts';
import type { HeldToken } from './held-tokens.ts';
import type { Decided, Journal } from './journal.ts';
import type { Judge } from './judge.ts';
import type { OwnSide } from './own-side.ts';
import { passOtherWith, sendsNothing } from './pass-other.ts';
import { type OpenCall, type PlatformCall, sentNothing } from './platform.ts';
import { callFor } from './platform-headers.ts';
import { type ReadMessage, readMessage } from './read-message.ts';
import { refuse, refuseError } from './refuse.ts';
import { isRefusal } from './refused-send.ts';

/** The connection to the platform behind a breaker: opened, and not used yet. */
type Open = Breaker<[call: PlatformCall], OpenCall>;
type Deps = {
  readonly authenticate: Authenticate;
  readonly heldToken: HeldToken;
  readonly judge: Judge;
  readonly count: CountSends;
  readonly open: Pick<Open, 'fire'>;
  readonly ownSide: () => Promise<OwnSide>;
  readonly policy: GatePolicy;
  readonly after: Pick<AfterSend, 'refused' | 'took'>;
  readonly decided: Journal['decided'];
  readonly otherPaths: 'pass' | 'refuse';
  readonly log: Log;
};

/** Messages have a few kB; what is uploaded goes another way. */
const MESSAGE_BYTES_MAX = 1024 * 1024;
const VERSION = /^v\d{1,3}\.\d{1,2}$/;
const NUMBER = /^[A-Za-z0-9_]{1,64}$/;
const DOORS = ['messages', 'marketing_messages'] as const;
type Door = (typeof DOORS)[number];

/** The platform's own door, guarded: `POST /{version}/{phoneNumberId}/messages` and `…/marketing_messages`, for whoever `callerOf` knows. An allowed
 *  message goes on with the one identity key known for this person, and the platform's answer comes back as it is; it is judged once more where its
 *  connection was not ready by then, so that no block that was committed before is overtaken. Denied: 403, or 503 where only time is missing; 401 no good key; 403 without scope `send`; 400 what the platform would not take; 502 it did not answer. All errors are in the platform's shape. */
export function messagesRoutes(deps: Deps): Router[] {
  const passOther = passOtherWith(deps);
  return [
    ...DOORS.map((door) =>
      directRoute(
        `/:version/:phoneNumberId/${door}`,
        (req, res) => guarded(deps, door, req, res),
        new RegExp(`^/v\\d{1,3}\\.\\d{1,2}/\\w{1,64}/${door}$`),
      ),
    ),
    Router().use('/:version', (req, res, next) => {
      if (!VERSION.test(req.params.version)) return next();
      const answer = res as unknown as Answer;
      const asked = { method: req.method, url: req.originalUrl, headers: req.headers };
      if (deps.otherPaths === 'refuse' || !sendsNothing(asked.url)) return refuse(answer, passesNot());
      return passOther(asked, req, answer);
    }),
  ];
}

/** The platform takes parameters from the URL as from the body, so what stands there would be sent unjudged; the proof of the app names nobody
 *  (https://developers.facebook.com/docs/graph-api/guides/secure-requests, read 2026). */
const namesInUrl = (url: string): boolean => parametersIn(url).some((name) => name !== 'appsecret_proof');

const readBody = bodyReader({ bytesMax: MESSAGE_BYTES_MAX });

async function guarded(deps: Deps, door: Door, req: IncomingMessage, res: Answer): Promise<void> {
  try {
    const { method = '', url = '', headers } = req;
    const [, version = '', phoneNumberId = ''] = url.split('/', 3);
    if (!VERSION.test(version) || !NUMBER.test(phoneNumberId)) return refuse(res, passesNot());
    const [caller, { bearer, asked }] = await forCaller(callerOf(deps.authenticate, headers), 'send', async () => ({
      bearer: await bearerOf(deps.heldToken, headers, phoneNumberId),
      asked: await askedIn(deps, { door, phoneNumberId }, req, res),
    }));
    if (asked.kind === 'refused') return refuse(res, invalidParameter(asked.details));
    const call = callFor(bearer, { method, url, headers }, { 'content-type': 'application/json' });
    if (asked.kind === 'receipt') {
      const receipt = { body: asked.body, counts: [] };
      return await forward(deps, call, res, { askedAt: performance.now(), judged: receipt, again: async () => receipt });
    }
    const { send, template, body, askedAt } = asked;
    const judgedBy = (decision: GateDecision): Judged => {
      const decided = { send, template, door, actor: caller.actor, decision };
      if (decision.decision === 'deny') return { refusal: denial(decision), decided };
      const keyHash = decision.identityKeyHash ?? send.identityKeyHash;
      const { contactId, counts } = decision;
      const going = { send, template, contactId, keyHash, actor: caller.actor };
      return { body: withHash(body, keyHash), going, counts, decided };
    };
    const again = async () => judgedBy(await decisionOn(deps, { ...send, counted: true }));
    await forward(deps, call, res, { askedAt, judged: judgedBy(asked.decision), again });
  } catch (error) {
    refuseError(deps.log, res, error);
  }
}

/** What a request says, and of a message what the gate says to it, by a look that began after `askedAt`. */
type AskedFor =
  | Exclude<ReadMessage, { kind: 'send' }>
  | (Extract<ReadMessage, { kind: 'send' }> & { readonly askedAt: number; readonly decision: GateDecision });

async function askedIn(
  deps: Deps,
  at: { readonly door: Door; readonly phoneNumberId: string },
  req: IncomingMessage,
  res: Answer,
): Promise<AskedFor> {
  const { url = '', headers } = req;
  if (namesInUrl(url)) return { kind: 'refused', details: 'Name everything in the body: the platform reads the URL as well.' };
  const json = parseJson(await readBody(req, res));
  const known = (await deps.ownSide().catch(() => null))?.templates;
  const named = headers['x-keyturn-category'];
  const read = readMessage(json, { ...at, named: typeof named === 'string' ? named : undefined, known, policy: deps.policy });
  if (read.kind !== 'send') return read;
  const askedAt = performance.now();
  return { ...read, askedAt, decision: await decisionOn(deps, read.send) };
}

const decisionOn = async ({ judge }: Deps, send: Send): Promise<GateDecision> => (await judge([send]))[0] as GateDecision;

/** The platform itself then refuses to deliver to anybody else
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers, read 2026). */
const withHash = (body: Record<string, unknown>, hash: string | null): Record<string, unknown> =>
  hash === null ? body : { ...body, recipient_identity_key_hash: hash };

/** `going`: what is to be known of it afterwards; neither it nor a decision: it is a receipt. */
type Judged = (
  | { readonly body: Record<string, unknown>; readonly going?: Going; readonly counts: readonly Count[] }
  | { readonly refusal: GraphRefusal }
) & {
  readonly decided?: Decided;
};

/** By a look that began after `askedAt`. `again`: by a new one, when it is counted already, so that no cap is against it. */
type FirstJudged = { readonly askedAt: number; readonly judged: Judged; again(): Promise<Judged> };

/** What was judged first, so that what is denied needs no connection; and is again where the connection was not ready yet by then, or where it was counted
 *  since. */
async function forward(deps: Deps, call: PlatformCall, res: Answer, { askedAt, judged: before, again }: FirstJudged): Promise<void> {
  if ('refusal' in before) return refuseJudged(deps, res, before);
  const connection = await deps.open.fire(call);
  const counted = await deps.count(before.counts).catch(dropping(connection));
  const isFresh = before.counts.length === 0 && connection.readySince < askedAt;
  const judged = counted === null ? capReached(before) : isFresh ? before : await again().catch(dropping(connection, counted));
  if ('refusal' in judged || res.destroyed) {
    connection.drop();
    counted?.takeBack();
    if ('refusal' in judged) return refuseJudged(deps, res, judged);
    res.locals.line = { outcome: 'left' }; // nobody waits for it any more, and whoever sends it again must not send it twice
    return;
  }
  if (judged.decided) deps.decided(judged.decided);
  res.locals.line = { outcome: 'forwarded' };
  const { going } = judged;
  const send = async () => {
    const answer = await connection.send(JSON.stringify(judged.body)).catch((error: unknown) => {
      if (sentNothing(error)) counted?.takeBack();
      throw error;
    }); // a text goes out with its head in one piece
    const text = await giveBack(answer, res, going && ((refusal) => deps.after.refused(going, refusal)));
    if (isRefusal(answer.statusCode, text)) counted?.takeBack();
    return answer.statusCode === 200 ? text : null;
  };
  const sent = send();
  if (going !== undefined)
    deps.after.took(
      going,
      sent.catch(() => null),
    );
  await sent;
}

/** Lets go of what was made ready for a send that is not to go out. */
const dropping =
  (connection: OpenCall, counted?: CountedSend) =>
  (error: unknown): never => {
    connection.drop();
    counted?.takeBack();
    throw error;
  };

/** Others went out meanwhile, and the cap on them is reached. */
function capReached({ decided }: Judged): Judged & { readonly refusal: GraphRefusal } {
  const decision = { ...(decided?.decision as GateDecision), decision: 'deny', reasons: ['frequency_cap'] } as const;
  return { refusal: denial(decision), ...(decided === undefined ? {} : { decided: { ...decided, decision } }) };
}

function refuseJudged(deps: Deps, res: Answer, { refusal, decided }: Judged & { readonly refusal: GraphRefusal }): void {
  if (decided) deps.decided(decided);
  refuse(res, refusal);
}

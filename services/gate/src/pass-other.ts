import type { IncomingMessage } from 'node:http';
import { AppError } from '@keyturn/contracts';
import { type Answer, bodyReader, type Log } from '@keyturn/runtime';
import { type Authenticate, requireScope, turns } from '@keyturn/store';
import { anotherCallBy, parametersIn } from './another-call.ts';
import { bearerOf, callerOf, comesWithKey } from './caller.ts';
import { giveBack } from './give-back.ts';
import { passesNot } from './graph-error.ts';
import type { HeldToken } from './held-tokens.ts';
import { jsonOf } from './json-of.ts';
import { type Multipart, multipart } from './multipart.ts';
import type { OpenCall, PlatformCall } from './platform.ts';
import { type Asked, callFor } from './platform-headers.ts';
import { refuse, refuseError } from './refuse.ts';

type Deps = {
  readonly authenticate: Authenticate;
  readonly heldToken: HeldToken;
  readonly open: { fire(call: PlatformCall): Promise<OpenCall> };
  readonly log: Log;
};
/** Passes a call on that sends no message, as it is, and its answer back; or answers why not. */
export type PassOther = (asked: Asked, req: IncomingMessage, res: Answer) => Promise<void>;

const BODY_BYTES_MAX = 1024 * 1024;
/** Of the largest file that the platform takes, and what stands around it
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media, read 2026). */
const UPLOAD_BYTES_MAX = 101 * 1024 * 1024;
/** A connection is the platform's while its file comes in; messages are to have most of them. */
const UPLOADS_MAX = 16;

/** Plain names, at least one, and the last of them no door by which something reaches a person. */
const PLAIN = /^\/v[\d.]+(\/\w+)+\/?$/;
const DOOR = /\/(messages|marketing_messages|calls)\/?$/i;
/** Whether no reading of a URL makes it a send: no other spelling of a door, no batch of calls, no parameter that turns it into another call. */
export function sendsNothing(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return PLAIN.test(path) && !DOOR.test(path) && anotherCallBy(parametersIn(url)) === undefined;
}

/** Passes on whatever `sendsNothing`, for who may send, unless its body makes it a send after all. With a key alone uploads of media pass, and nothing else of
 *  the token that is held: 404. A file goes through as it comes, up to 101 MB. */
export function passOtherWith({ authenticate, heldToken, open, log }: Deps): PassOther {
  const readBody = bodyReader({ bytesMax: BODY_BYTES_MAX });
  const inTurn = turns({ atOnce: UPLOADS_MAX, waitingMax: Number.POSITIVE_INFINITY });
  return async (asked, req, res) => {
    try {
      const number = numberOfUpload(asked);
      const byKey = comesWithKey(asked.headers);
      if (number === null && byKey) return refuse(res, passesNot());
      requireScope(await callerOf(authenticate, asked.headers).caller, 'send');
      const bearer = await bearerOf(heldToken, asked.headers, number ?? '');
      const parts = multipart(asked.headers['content-type'], byKey ? isOfUpload : isHarmless);
      if (parts !== null) return await inTurn(() => passParts(open, callFor(bearer, asked, headersOf(asked, parts)), parts, req, res));
      if (byKey) throw new AppError('request.malformed', 'An upload is multipart/form-data. Send the file so.');
      const body = await readBody(req, res);
      const turning = anotherCallBy(namesIn(body, asked.headers['content-type']));
      if (turning !== undefined) throw new AppError('request.invalid', `${turning}: makes another call of this one. Leave it out.`);
      const connection = await open.fire(callFor(bearer, asked));
      await giveBack(await connection.send(body), res);
    } catch (error) {
      refuseError(log, res, error);
      req.resume(); // what still comes is nobody's
    }
  };
}

/** Whoever may send may send pictures; that makes nobody whoever the token is. */
const numberOfUpload = ({ method, url }: Asked): string | null =>
  (method === 'POST' && /^\/v[\d.]+\/(\w{1,64})\/media$/.exec(url.split('?', 1)[0] as string)?.[1]) || null;
const isOfUpload = (name: string): boolean => ['messaging_product', 'type', 'file'].includes(name);
const isHarmless = (name: string): boolean => anotherCallBy([name]) === undefined;

/** The names of what a body says, however it says that it is written: one that is JSON may be read as a form, too, unless it says that it is JSON. */
function namesIn(body: Buffer, contentType = ''): string[] {
  const text = body.toString('utf8');
  const json = jsonOf(text);
  const names = typeof json === 'object' && json !== null ? Object.keys(json) : null;
  if (names !== null && /^application\/json *(;|$)/i.test(contentType)) return names;
  return [...(names ?? []), ...new URLSearchParams(text).keys()];
}

/** The parts are as long as they were. */
function headersOf({ headers }: Asked, { contentType }: Multipart): Record<string, string> {
  const length = headers['content-length'];
  return { 'content-type': contentType, ...(length === undefined ? {} : { 'content-length': length }) };
}

async function passParts(open: Deps['open'], call: PlatformCall, parts: Multipart, req: IncomingMessage, res: Answer): Promise<void> {
  if (Number(req.headers['content-length'] ?? 0) > UPLOAD_BYTES_MAX) throw tooLarge();
  if (req.headers['content-encoding'] !== undefined)
    throw new AppError('request.encoded', 'The body is compressed. Send it as it is, without content-encoding.');
  const connection = await open.fire(call);
  if (/^100-continue$/i.test(req.headers.expect ?? '')) res.writeContinue();
  await giveBack(await connection.send(parts.through(bounded(req))), res);
}

/** What nobody asks for any more, since the platform has answered before, is read and let go: or the connection would take no other request. */
async function* bounded(req: IncomingMessage): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > UPLOAD_BYTES_MAX) throw tooLarge();
      yield chunk;
    }
  } finally {
    req.resume();
  }
}
const tooLarge = (): AppError =>
  new AppError('request.too_large', `The body has more than the ${UPLOAD_BYTES_MAX} bytes that an upload may have. Send a smaller file.`);

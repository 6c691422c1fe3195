import { createHmac, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { bodyOf, text } from '@keyturn/normalize/testing';

/** What the ingress under attack was given. */
export const SECRET = process.env.HOSTILE_SECRET ?? randomBytes(16).toString('hex');

export const sign = (body: Buffer | string, secret = SECRET): string => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
let sent = 0;
/** A body that nobody sent before: one message of Ada. */
export const healthyBody = (): string => JSON.stringify(bodyOf({ messages: [text({ id: `wamid.hostile.${process.pid}.${++sent}` })] }));

/** The head of a POST to the webhook, with these headers instead. Undefined leaves one out. */
export function head(headers: Record<string, string | number | undefined>, path = '/webhook', method = 'POST'): string {
  const all = { host: 'localhost', ...headers };
  const shown = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return [`${method} ${path} HTTP/1.1`, ...shown, '', ''].join('\r\n');
}
/** A whole signed POST. */
export const signed = (body = healthyBody(), more: Record<string, string> = {}): string =>
  head({ 'content-length': Buffer.byteLength(body), 'x-hub-signature-256': sign(body), ...more }) + body;

/** A connection that keeps what came back. Errors end it; nobody minds. */
export type Caller = { readonly socket: Socket; readonly heard: () => string; readonly closed: Promise<string> };
export function call(port: number, said: string | Buffer = ''): Caller {
  const socket = connect(port, '127.0.0.1');
  const heard: Buffer[] = [];
  const all = () => Buffer.concat(heard).toString('latin1');
  socket.on('data', (chunk) => heard.push(chunk)).on('error', () => undefined);
  socket.setNoDelay(true);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(all())));
  if (said.length > 0) socket.write(said);
  return { socket, heard: all, closed };
}
/** The status codes of all answers in what was heard. */
export const statusesIn = (heard: string): number[] => [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

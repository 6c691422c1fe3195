import { AppError } from '@keyturn/contracts';
import type { Answer, Log } from '@keyturn/runtime';
import { type GraphRefusal, graphRefusalOf } from './graph-error.ts';

/** Answers why a request failed, in the platform's shape. What nobody named is ours to fix. */
export function refuseError(log: Log, res: Answer, error: unknown): void {
  if (!(error instanceof AppError)) log.error({ err: error }, 'a request failed');
  refuse(res, graphRefusalOf(error));
}

/** Answers a refusal; where part of an answer is out, it breaks off. */
export function refuse(res: Answer, { status, error }: GraphRefusal): void {
  if (res.headersSent) return void res.destroy();
  res.locals.line = { outcome: 'refused', code: error.code };
  const body = JSON.stringify({ error });
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) };
  res.writeHead(status, status === 503 ? { ...headers, 'retry-after': '2' } : headers).end(body);
}

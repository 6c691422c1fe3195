import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../log.ts';
import { metrics } from '../metrics.ts';
import { problem } from './problem.ts';

/** What is no HTTP, by Node's code for it, and what the caller is told. */
const refusals: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are longer than 16 kB. Send fewer or shorter ones.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too long. Leave them out.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in full in time: headers within 10 s, all of it within 30 s. Send it again.'],
};
const malformed = [400, 'This is no HTTP request that can be read without doubt. Send one that is as RFC 9112 has it.'] as const;

/** Answers what the HTTP parser gave up on (400, 408, 413, 431) as a problem document, with one log line, and ends the connection. What is asked on
 *  it and not answered yet is answered first; where only its own rest can't be read, this is its answer, and its line has this status. */
export function refuseUnreadable(log: Log): (code: string | undefined, socket: Duplex, last: ServerResponse | undefined) => void {
  const counter = metrics.counter('keyturn_http_unreadable_total', 'Requests that the HTTP parser gave up on.', ['status']);
  const refused = new WeakSet<Duplex>(); // the parser gives up anew on each piece that still comes
  return (code, socket, last) => {
    if (refused.has(socket)) return;
    refused.add(socket);
    const [status, detail] = refusals[code ?? ''] ?? malformed;
    const isRest = last?.req.complete === false;
    if (!isRest && code !== 'ECONNRESET') {
      counter.inc({ status });
      log.info({ route: 'unreadable', status, problem: 'request.malformed', reason: code }, 'request');
    }
    if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    if (last?.writableFinished === false && !isRest) return void last.once('close', () => socket.destroy());
    if (isRest && last.headersSent) return void socket.destroy();
    if (isRest) brokenOff(last, status);
    socket.end(rawAnswer(status, detail), () => socket.destroy());
  };
}

/** What the request's log line is to say: the app has no say in this answer. */
const brokenOff = (res: ServerResponse & { locals?: { brokenOff?: number } }, status: number): void => {
  if (res.locals) res.locals.brokenOff = status;
};

function rawAnswer(status: number, detail: string): string {
  const document = problem(status, 'request.malformed', detail);
  const body = JSON.stringify(document);
  const head = ['content-type: application/problem+json', `content-length: ${Buffer.byteLength(body)}`, 'connection: close'];
  return [`HTTP/1.1 ${status} ${document.title}`, ...head, '', body].join('\r\n');
}

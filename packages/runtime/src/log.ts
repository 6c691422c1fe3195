import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { logSink } from './log-sink.ts';
import { isoTime } from './log-time.ts';
import { shownError } from './shown-error.ts';
import { trace } from './trace/trace.ts';

/** Structured log lines of one service. */
export type Log = Logger;

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const SECRETS = ['authorization', 'cookie', '["x-hub-signature-256"]', '["x-api-key"]'];

/** Answers a log that writes one JSON line per entry to standard output (or `to`), with secrets in headers left out. The level comes from
 *  `LOG_LEVEL` (default `info`); an unknown one counts as `info`. `LOG_FILE` sends the lines to a file instead of standard output. */
export function createLog(service: string, options: { level?: string; to?: DestinationStream } = {}): Log {
  const level = options.level ?? process.env.LOG_LEVEL ?? 'info';
  const settings: LoggerOptions = {
    level: LEVELS.includes(level) ? level : 'info',
    base: { service },
    timestamp: isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: shownError },
    ...(trace.isOn() ? { mixin: trace.logFields } : {}),
    redact: {
      paths: SECRETS.flatMap((name) => {
        const at = name.startsWith('[') ? name : `.${name}`;
        return [`headers${at}`, `req.headers${at}`];
      }),
      censor: '[secret]',
    },
  };
  return pino(settings, options.to ?? logSink(process.env.LOG_FILE || undefined));
}

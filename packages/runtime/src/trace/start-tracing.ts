import { AppError } from '@keyturn/contracts';
import type { Log } from '../log.ts';
import { traceWith } from './trace.ts';

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
/** How spans are sent, as OpenTelemetry's variables name it. */
export type Protocol = (typeof PROTOCOLS)[number];

/** Whether, and how, the environment asks for traces; null: it does not. By OpenTelemetry's own variables
 *  (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, read 2026-11). Throws `config.invalid` where it asks for what
 *  is not there. */
export function tracesAskedFor(env: NodeJS.ProcessEnv): Protocol | null {
  const exporter =
    env.OTEL_TRACES_EXPORTER || (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT ? 'otlp' : 'none');
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || exporter === 'none') return null;
  if (exporter !== 'otlp') throw new AppError('config.invalid', "OTEL_TRACES_EXPORTER must be 'otlp' or 'none'.");
  const asked = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/protobuf';
  const protocol = PROTOCOLS.find((one) => one === asked);
  if (protocol !== undefined) return protocol;
  throw new AppError('config.invalid', `OTEL_EXPORTER_OTLP_PROTOCOL must be ${PROTOCOLS.join(' or ')}: send to the collector's HTTP port.`);
}

/** Sends spans to where the environment says, from before the first service on; without such a word nothing is loaded and nothing is sent. `stop`
 *  sends what is left. Throws `config.invalid`. */
export async function startTracing(env: NodeJS.ProcessEnv, log: Log): Promise<{ stop(): Promise<void> }> {
  const protocol = tracesAskedFor(env);
  if (protocol === null) return { stop: async () => {} };
  const { openTelemetry } = await import('./open-telemetry.ts');
  const { tracing, stop } = await openTelemetry(protocol, log);
  traceWith(tracing);
  return {
    async stop() {
      traceWith(null);
      await stop();
    },
  };
}

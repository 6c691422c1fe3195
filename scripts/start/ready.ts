import type { Service } from '@keyturn/runtime';
import pc from 'picocolors';
import type { Parts } from './parts.ts';

const TIMEOUT_MS = 60_000;

/** Resolves when every service says that it can do its job; throws naming those that can't. */
export async function untilReady(services: readonly Service[], signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const reasons = await Promise.all(
      services.map(async (service) => (await service.notReady()).map((reason) => `${service.name}: ${reason}`)),
    );
    if (reasons.flat().length === 0 || signal.aborted) return;
    if (Date.now() > deadline)
      throw new Error(`not ready after ${TIMEOUT_MS / 1000} s: ${reasons.flat().join('; ')}. The log has the rest.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What a person needs now that all runs: where things are, the keys (made-up ones only), and what to try. */
export function banner(
  { env, embedded }: Parts,
  services: readonly Service[],
  { adminUrl, logFile, firstAdmin }: { adminUrl: string; logFile: string; firstAdmin: string | null },
): string {
  const urlOf = (name: string) => services.find((service) => service.name === name)?.url ?? '';
  const both = embedded.kafka && embedded.database;
  const rows: [string, string][] = [
    ['Webhook URL', `${urlOf('ingress')}/webhook`],
    ['Verify token', both ? (env.WHATSAPP_VERIFY_TOKEN ?? '') : '(WHATSAPP_VERIFY_TOKEN)'],
    ['Page', urlOf('console')],
    ['API', `${urlOf('console')}/v1`],
    ['Gate', `${urlOf('gate')}/v1/decisions`],
    ['Admin key', both ? (env.KEYTURN_ADMIN_API_KEY ?? '') : '(KEYTURN_ADMIN_API_KEY)'],
    ['Health, metrics', `${adminUrl}/readyz  ${adminUrl}/metrics`],
    ['Kafka', env.KAFKA_BROKERS ?? ''],
    ['Database', embedded.database ? (env.DATABASE_URL ?? '') : '(DATABASE_URL)'],
    ['Log', logFile],
  ];
  const next = [
    ['npm run simulate -- re-registration', 'a number changes hands, in ten seconds'],
    ['npm run simulate -- storm', '400 at once, of which three are left for you'],
    ['npx keyturn list', 'who waits for a decision'],
    ['npx keyturn keys create --help', 'a key for whoever asks the gate: the admin key is none'],
    ['npx keyturn --help', 'the rest'],
  ];
  const invited =
    firstAdmin === null
      ? []
      : ['', pc.bold('Nobody can sign in yet. Make the first admin, by this link, once:'), `  ${pc.cyan(firstAdmin)}`];
  return [
    '',
    pc.bold(pc.green('keyturn is ready.')),
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(16)}${value}`),
    ...invited,
    '',
    pc.bold('Try, in another terminal:'),
    ...next.map(([command, what]) => `  ${pc.cyan((command ?? '').padEnd(38))}${what}`),
    '',
    'Ctrl-C stops everything; the data stays.',
    '',
  ].join('\n');
}

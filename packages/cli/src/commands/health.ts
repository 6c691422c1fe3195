import { HealthJson } from '@keyturn/contracts';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { table } from '../text/table.ts';
import { relative, when } from '../text/when.ts';
import { contextOf } from './context.ts';

/** `keyturn health`: how far each step of the line is. */
export function addHealth(program: Command, io: Io): void {
  program
    .command('health')
    .description('how far each step of the line is, and what is not as it should be')
    .addHelpText(
      'after',
      '\nExit code 8 where something is not as it should be.\n\nExamples:\n  keyturn health\n  keyturn health --json | jq .concerns',
    )
    .action(async (_options: unknown, command: Command) => {
      const { call, print, colors } = contextOf(command, io);
      const raw = await call('GET', '/v1/health');
      const health = HealthJson.parse(raw);
      print(raw, () => [...linesOf(health, io), ...health.concerns.map((concern) => colors.red(`! ${concern}`))]);
      if (!health.healthy) throw failure(exitCodes.unhealthy, health.concerns.join('; '));
    });
}

function linesOf({ consumers, outbox, deadLetters, identityChanges, webhooks }: HealthJson, { now, columns }: Io): string[] {
  const at = (instant: string | null) => (instant === null ? '' : `, the oldest ${when(instant, now())}`);
  const steps = [
    ['webhooks', webhooksText(webhooks, now())],
    ...consumers.map(({ group, caughtUpAt }) => [group, caughtUpAt === null ? 'not yet' : `caught up ${relative(caughtUpAt, now())}`]),
    ['relay', `${outbox.waiting} to publish${at(outbox.oldestAt)}`],
    ['decisions', `${identityChanges.open} open${at(identityChanges.oldestSince)}`],
    ...deadLetters.map(({ group, code, open, oldestAt }) => ['dead letters', `${open} of ${group}, ${code}${at(oldestAt)}`]),
  ];
  return table(['STEP', 'HOW FAR'], steps, columns);
}

function webhooksText({ lastAt, lastHour, usualHour }: HealthJson['webhooks'], now: Date): string {
  if (lastAt === null) return 'none has come yet (docs/connect-whatsapp.md)';
  const usual = usualHour === null ? 'what is usual is known after two weeks' : `usual at this hour: ${usualHour} or more`;
  return `the last ${relative(lastAt, now)}, ${lastHour} within an hour; ${usual}`;
}

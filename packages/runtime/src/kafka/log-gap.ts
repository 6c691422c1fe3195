import { AppError } from '@keyturn/contracts';

/** `log.gap`: the log goes on at `found`, but `wanted` is what comes next. To read on would lose what is between in silence. `where`: topic/partition. */
export const logGap = (where: string, wanted: bigint, found: bigint): AppError =>
  new AppError(
    'log.gap',
    `${where} has no record ${wanted}: ${found - wanted} records are gone from the log and were not applied, the next one is ${found}. ` +
      `What they said may still stand in whatsapp.webhooks.v1, which keeps 7 days. To go on without them, set next_offset to ${found} in consumer_offset (docs/operate.md).`,
    { detail: { where, wanted: String(wanted), found: String(found) } },
  );

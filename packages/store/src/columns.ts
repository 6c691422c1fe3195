import { customType, timestamp } from 'drizzle-orm/pg-core';

/** An instant; open ends of the directory's periods are `-infinity` and `infinity`. */
export const instant = (name: string) => timestamp(name, { withTimezone: true });
/** Bytes as they are. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

import { Instant, PageLimit } from '@keyturn/contracts';
import { z } from 'zod';

/** An instant in a cursor. PostgreSQL knows no year 0, and nothing of ours was before 1970. */
export const PlaceInstant = Instant.refine((at) => Date.parse(at) > 0);

/** What every paged route takes: how many, and from where on, as the page before said. A cursor is opaque to whoever uses it. */
export const pageQuery = <Place extends z.ZodType>(place: Place) => ({
  limit: PageLimit,
  cursor: z
    .string()
    .transform((text, ctx): z.infer<Place> => {
      const parsed = place.safeParse(decoded(text));
      if (parsed.success) return parsed.data;
      ctx.addIssue({ code: 'custom', message: 'is none of ours: take nextCursor of the page before, or leave it out to begin anew' });
      return z.NEVER;
    })
    .optional(),
});

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };
/** A page as it is answered. `rows` holds one more than the limit where there are more; `placeOf` says where a row stands. */
export function page<Row>(rows: readonly Row[], limit: number, placeOf: (row: Row) => unknown): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, nextCursor: more ? encoded(placeOf(last)) : null };
}

/** The same of rows that come with their places, which are not shown. */
export function placedPage<Row extends { readonly place: unknown }>(rows: readonly Row[], limit: number): Page<Omit<Row, 'place'>> {
  const { items, nextCursor } = page(rows, limit, ({ place }) => place);
  return { items: items.map(({ place: _place, ...item }) => item), nextCursor };
}

const encoded = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');
function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'), storable);
  } catch {
    return undefined;
  }
}

/** No place of ours has a text that PostgreSQL could not keep. */
function storable(_name: string, value: unknown): unknown {
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) throw new TypeError('can be in no row');
  return value;
}

import type { Normalized } from '@keyturn/normalize';

/** The events in pieces of at most `max`, those of one person in one piece and in their order; larger only where one person's are more. */
export function* byPerson(events: readonly Normalized[], max: number): Generator<readonly Normalized[]> {
  let piece: Normalized[] = [];
  for (const mine of Map.groupBy(events, ({ key }) => key).values()) {
    if (piece.length > 0 && piece.length + mine.length > max) {
      yield piece;
      piece = [];
    }
    piece = [...piece, ...mine];
  }
  if (piece.length > 0) yield piece;
}

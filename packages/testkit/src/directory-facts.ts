import type { Carried, DirectoryFact } from '@keyturn/domain';

/** An item of somebody who carries these, at an instant. */
export const says = (at: number, ...carried: Carried) => ({ type: 'item', carried, at }) as const satisfies DirectoryFact;
/** A report that whoever carried the previous carries the current ones. */
export const moved = (at: number, previous: Carried, current: Carried) =>
  ({ type: 'report', previous, current, at }) as const satisfies DirectoryFact;
/** Somebody decided that these are another person's from an instant on. */
export const different = (at: number, ...carried: Carried) => ({ type: 'split', carried, at }) as const satisfies DirectoryFact;

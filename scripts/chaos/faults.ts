import type { Line } from './line.ts';
import type { Load } from './load.ts';
import type { Parts } from './parts.ts';
import type { Random } from './random.ts';

/** What a fault needs to be made, and to be seen to be over. */
export type Scene = {
  readonly parts: Parts;
  readonly line: Line;
  readonly load: Load;
  readonly random: Random;
  /** The whole thing, or the least that shows the same. */
  readonly long: boolean;
  /** Keys of records that the run itself puts on topics. */
  readonly strangers: Set<string>;
  readonly report: Report;
};
/** Takes down that a fault is over since `endedAt` (`performance.now()`); resolves, with how long that took, when `again` does. */
export type Report = (fault: string, endedAt: number, again: Promise<void>) => Promise<void>;
/** A fault that comes and goes. Resolves when the line has recovered from it. */
export type Fault = (scene: Scene) => Promise<void>;

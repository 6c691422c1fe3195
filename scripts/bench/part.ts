import type { Result } from './numbers.ts';
import type { Servers } from './parts/servers.ts';

/** What every part of the benchmark gets. */
export type Bench = {
  readonly servers: Servers;
  /** Fewer rounds, shorter ones: to see that it runs, not to be believed. */
  readonly quick: boolean;
  say(line: string): void;
};
/** One of the measurements. It checks what it measures before it measures, and throws where a guarantee does not hold. */
export type Part = (bench: Bench) => Promise<Result[]>;

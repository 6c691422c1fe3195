import type { Driven, Paced } from './drive.ts';

/** Which requests. Their ids begin with `run`, so two runs never send the same item. */
export type Traffic = {
  readonly url: string;
  readonly secret: string;
  readonly run: string;
  readonly count: number;
  /** About whom, at random: the persons from this number on, so many. */
  readonly personFrom: number;
  readonly persons: number;
  /** So many items in each body; absent: one. */
  readonly items?: number;
};
/** Among the traffic, each `every`th request is somebody's second key hash, whose first an `acquaint` sent; about persons from `personFrom` on. */
type Probes = { readonly every: number; readonly personFrom: number };

/** What the load process is told. `closed`: the same requests over and over, for a time. `all`: each once, as fast as they are borne. `acquaint`:
 *  the first key hash of those whom the same traffic, `paced`, is to bring the second of. `paced`: each once, at a constant rate. */
export type Job =
  | {
      readonly kind: 'closed';
      readonly traffic: Traffic;
      readonly connections: number;
      readonly warmupMs: number;
      readonly durationMs: number;
    }
  | { readonly kind: 'all'; readonly traffic: Traffic; readonly connections: number }
  | { readonly kind: 'acquaint'; readonly traffic: Traffic; readonly connections: number; readonly probes: Probes }
  | {
      readonly kind: 'paced';
      readonly traffic: Traffic;
      readonly connections: number;
      readonly ratePerSecond: number;
      readonly probes: Probes;
    };
/** What it answers. `startedAt`: when the first request was due, in milliseconds since 1970. */
export type Answer =
  | { readonly kind: 'driven'; readonly driven: Driven }
  | { readonly kind: 'paced'; readonly paced: Paced; readonly startedAt: number }
  | { readonly kind: 'failed'; readonly reason: string };

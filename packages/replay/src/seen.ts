import type { Plan } from './plan.ts';
import type { Unrecognized } from './selection.ts';
import type { Found } from './walk.ts';

/** What of the webhooks that are meant Kafka no longer has, and what nobody knows still. */
export type Missing = {
  /** The log had more before, in the times asked for, perhaps: this is when the first webhook came in that it still has of every partition. */
  readonly cutBefore: string | null;
  /** Of the webhooks in which something was unrecognized: those of which nothing more is known today, and those whose bodies are gone. */
  readonly unrecognized: { readonly still: number; readonly gone: number } | null;
};

/** Keeps what was there, to say what was not. */
export function startSeen({ cut, replay: { continues } }: Plan, unrecognized: Unrecognized | null) {
  const firsts = new Map<number, number>();
  const [known, still] = [new Set<string>(), new Set<string>()];
  return {
    add({ partition, webhookId, receivedAt, chosen }: Found): void {
      if (cut.has(partition) && !firsts.has(partition)) firsts.set(partition, receivedAt.getTime());
      if (unrecognized?.has(webhookId)) (chosen.length > 0 ? known : still).add(webhookId);
    },
    missing(): Missing {
      const cutBefore = firsts.size === 0 ? null : new Date(Math.max(...firsts.values())).toISOString();
      const gone = unrecognized === null || continues !== null ? 0 : unrecognized.size - known.size - still.size; // its first part saw the others
      return { cutBefore, unrecognized: unrecognized === null ? null : { still: still.size, gone } };
    },
  };
}

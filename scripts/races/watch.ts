import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../e2e/until.ts';
import type { Outcome, Sender } from './sender.ts';

const EVERY_MS = 20;
const PATIENCE_MS = 90_000;

/** One question or message about somebody of whom nothing ever changes. Instants in milliseconds since 1970, as the database's. */
type Asked = Outcome & { readonly begunAt: number };
/** Asks all the time, half of the times by a message. */
export type Watch = {
  /** What was asked from one instant on, and before the other. */
  between(from: number, to: number): readonly Asked[];
  /** Resolves, with when it began, once one that began at or after `from` is allowed. */
  allowedAgain(from: number): Promise<number>;
  stop(): Promise<void>;
};

/** Asks and sends about one number over and over, until it is stopped. */
export function startWatch(sender: Sender, waId: string): Watch {
  const asked: Asked[] = [];
  let stopped = false;
  const run = async (sends: boolean) => {
    while (!stopped) {
      const begunAt = Date.now();
      const [outcome] = sends ? [await sender.send(waId)] : await sender.decide(waId);
      asked.push({ begunAt, ...(outcome as Outcome) });
      await pause(EVERY_MS);
    }
  };
  const running = Promise.all([run(true), run(false)]);
  const between: Watch['between'] = (from, to) => asked.filter(({ begunAt }) => begunAt >= from && begunAt < to);
  return {
    between,
    async allowedAgain(from) {
      const first = () => between(from, Number.POSITIVE_INFINITY).find(({ allowed }) => allowed);
      await until('it is allowed again', async () => first() !== undefined, PATIENCE_MS);
      return first()?.begunAt ?? 0;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

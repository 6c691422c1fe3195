import { type Connection, openConnection } from './connection.ts';

/** How often each status was answered; 0: the connection broke. */
type Answers = Record<number, number>;
/** `seconds`, `done`: of the time after the warm-up. `answers`: of all. */
export type Driven = { readonly answers: Answers; readonly seconds: number; readonly done: number };
/** The answer to each request in milliseconds after the instant at which it was due. */
export type Paced = { readonly answers: Answers; readonly latenciesMs: readonly number[] };

const now = (): number => performance.now();
const count = (answers: Answers, status: number): void => {
  answers[status] = (answers[status] ?? 0) + 1;
};

/** As fast as it is borne: each connection sends its next request when the last is answered. Ends when all are answered. */
export async function driveClosed(options: {
  readonly url: URL;
  readonly connections: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly next: () => Buffer | null;
}): Promise<Driven> {
  const { url, next, warmupMs, durationMs } = options;
  const connections = await Promise.all(Array.from({ length: options.connections }, () => openConnection(url)));
  const answers: Answers = {};
  const startedAt = now();
  let done = 0;
  let lastAt = startedAt + warmupMs;
  const run = (connection: Connection): Promise<void> =>
    new Promise((resolve) => {
      const step = (): void => {
        const request = now() - startedAt < warmupMs + durationMs ? next() : null;
        if (request === null) {
          resolve();
          return;
        }
        connection.send(request, (status) => {
          const at = now();
          count(answers, status);
          if (at - startedAt >= warmupMs) {
            done += 1;
            lastAt = at;
          }
          if (status === 0) resolve();
          else step();
        });
      };
      step();
    });
  await Promise.all(connections.map(run));
  for (const connection of connections) connection.close();
  return { answers, done, seconds: (lastAt - startedAt - warmupMs) / 1_000 };
}

/** At a constant rate, whether it is borne or not: a request that has to wait for a connection has waited, and its time counts from when it was due. */
export async function drivePaced(options: {
  readonly url: URL;
  readonly connections: number;
  readonly ratePerSecond: number;
  readonly requests: readonly Buffer[];
  /** Told just before the first is due, with that instant in milliseconds since 1970. */
  readonly onStart?: (startedAt: number) => void;
}): Promise<Paced> {
  const { url, ratePerSecond, requests } = options;
  const idle = await Promise.all(Array.from({ length: options.connections }, () => openConnection(url)));
  const all = [...idle];
  const answers: Answers = {};
  const latenciesMs: number[] = [];
  const startedAt = now() + 20;
  options.onStart?.(performance.timeOrigin + startedAt);
  let sent = 0;
  let answered = 0;
  await new Promise<void>((resolve) => {
    const send = (connection: Connection): void => {
      const due = startedAt + (sent * 1_000) / ratePerSecond;
      const request = requests[sent++] as Buffer;
      connection.send(request, (status) => {
        count(answers, status);
        latenciesMs.push(now() - due);
        answered += 1;
        if (answered === requests.length) return resolve();
        idle.push(connection);
        pump();
      });
    };
    const pump = (): void => {
      const due = Math.min(requests.length, Math.floor(((now() - startedAt) * ratePerSecond) / 1_000) + 1);
      while (sent < due && idle.length > 0) send(idle.shift() as Connection); // each in its turn: one that is silent for long, the server closes
    };
    const tick = (): void => {
      pump();
      if (sent < requests.length) setTimeout(tick, 1);
    };
    tick();
  });
  for (const connection of all) connection.close();
  return { answers, latenciesMs };
}

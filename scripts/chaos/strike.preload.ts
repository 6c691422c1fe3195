// Preloaded into a service (node --import): the process ends, or stands still, by its own hand at a named point, when its parent says so.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** At the n-th arrival at a point from now on, this signal. */
export type Strike = { readonly point: string; readonly arrivals: number; readonly signal: 'SIGKILL' | 'SIGSTOP' };

process.on('message', ({ point, arrivals, signal }: Strike) => {
  let left = arrivals;
  const arrived = () => {
    left -= 1;
    if (left > 0) return;
    unsubscribe(`keyturn:${point}`, arrived);
    process.kill(process.pid, signal);
  };
  subscribe(`keyturn:${point}`, arrived);
});
process.once('disconnect', () => process.exit(1)); // nobody is left who would stop it
process.channel?.unref();

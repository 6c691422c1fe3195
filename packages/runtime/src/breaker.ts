import CircuitBreaker from 'opossum';
import { metrics } from './metrics.ts';

const open = metrics.gauge('keyturn_breaker_open', '1: calls are refused at once, but for one now and then to see.', ['breaker']);
const openings = metrics.counter('keyturn_breaker_openings_total', 'How often the breaker opened.', ['breaker']);

type Call<Result> = () => Promise<Result>;
/** An action behind a breaker: while it is open, `fire` fails at once. */
export type Breaker<Args extends unknown[], Result> = {
  fire(...args: Args): Promise<Result>;
  isOpen(): boolean;
  stop(): void;
};

/** When it opens and closes, and what is said meanwhile. */
export type BreakerOptions = {
  readonly name: string;
  /** What callers get while it is open. */
  readonly whenOpen: () => Error;
  /** Whether an error speaks of the other side. A fault of the caller's own doesn't count. Default: every error does. */
  readonly isFault?: (error: unknown) => boolean;
  /** How long it stays open before it lets one call through. */
  readonly resetMs?: number;
  /** How many calls have to be made in the window before it opens. */
  readonly callsMin?: number;
  readonly windowMs?: number;
};

/** Answers the action behind a breaker that opens when most calls fail and lets one through every `resetMs` to see. */
export function breaker<Args extends unknown[], Result>(
  action: (...args: Args) => Promise<Result>,
  options: BreakerOptions,
): Breaker<Args, Result> {
  const { isFault = () => true } = options;
  const circuit = new CircuitBreaker<[Call<Result>], Result>((call) => call(), {
    name: options.name,
    timeout: false, // the action has its own bound
    resetTimeout: options.resetMs ?? 2_000,
    errorThresholdPercentage: 50,
    volumeThreshold: options.callsMin ?? 10,
    rollingCountTimeout: options.windowMs ?? 10_000,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    errorFilter: (error: unknown) => !isFault(error),
  });
  showState(circuit, options.name);
  const guarded = async (call: Call<Result>): Promise<Result> => {
    try {
      return await circuit.fire(call);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EOPENBREAKER') throw options.whenOpen();
      throw error;
    }
  };
  // While it is closed a call goes past it, and it is told how that ended: what it holds of each call under way would be copied by the collector.
  const succeeded = (result: Result): Result => {
    circuit.emit('fire', []);
    circuit.emit('success', result, 0);
    return result;
  };
  const failed = (error: unknown): Promise<Result> => {
    const call = () => Promise.reject(error);
    return circuit.closed ? guarded(call) : call();
  };
  return {
    fire: (...args) => (circuit.closed ? action(...args).then(succeeded, failed) : guarded(() => action(...args))),
    isOpen: () => circuit.opened,
    stop: () => circuit.shutdown(),
  };
}

/** Half open counts as open: one call is let through, the others are refused. */
function showState(circuit: Pick<CircuitBreaker, 'on'>, breaker: string): void {
  open.set({ breaker }, 0);
  openings.inc({ breaker }, 0);
  circuit.on('open', () => {
    openings.inc({ breaker });
    open.set({ breaker }, 1);
  });
  circuit.on('close', () => open.set({ breaker }, 0));
}

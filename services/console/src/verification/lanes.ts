import { AppError, type VerificationEndpoint } from '@keyturn/contracts';
import { type Breaker, breaker } from '@keyturn/runtime';
import type { ToDeliver } from '@keyturn/store';
import { sendRequest } from './send-request.ts';
import type { VerificationSettings } from './settings.ts';

/** How much is under way to one endpoint at once; while it fails, one. */
const UNDER_WAY_MAX = 16;
/** The way to one endpoint: it waits for no other, and none for it. */
export type Lane = {
  readonly endpoint: VerificationEndpoint;
  /** How many more may be sent now. */
  room(): number;
  /** Resolves with the status by which it was taken. Throws `verification.undelivered`; `held` in its detail: it was not even tried. */
  send(request: ToDeliver, at: Date): Promise<number>;
  stop(): void;
};

/** The lanes of the endpoints that there are. One whose endpoint changed begins anew. */
export function lanes(settings: VerificationSettings): { of(endpoints: readonly VerificationEndpoint[]): Lane[]; stop(): void } {
  const open = new Map<string, { readonly as: string; readonly lane: Lane }>();
  const stopOne = (name: string) => {
    open.get(name)?.lane.stop();
    open.delete(name);
  };
  return {
    of(endpoints) {
      for (const name of open.keys()) if (!endpoints.some((one) => one.name === name)) stopOne(name);
      return endpoints.map((endpoint) => {
        const as = JSON.stringify(endpoint);
        const known = open.get(endpoint.name);
        if (known?.as === as) return known.lane;
        stopOne(endpoint.name);
        const lane = laneTo(endpoint, settings);
        open.set(endpoint.name, { as, lane });
        return lane;
      });
    },
    stop() {
      for (const name of open.keys()) stopOne(name);
    },
  };
}

function laneTo(endpoint: VerificationEndpoint, settings: VerificationSettings): Lane {
  let underWay = 0;
  let failing = false;
  const circuit: Breaker<[ToDeliver, Date], number> = breaker((request, at) => sendRequest(settings, endpoint, request, at), {
    name: `verification:${endpoint.name}`,
    whenOpen: () => new AppError('verification.undelivered', `the endpoint ${endpoint.name} fails`, { detail: { held: true } }),
    resetMs: settings.retry.firstMs,
    callsMin: 5,
    windowMs: 60_000,
  });
  return {
    endpoint,
    room: () => (circuit.isOpen() ? 0 : Math.max(0, (failing ? 1 : UNDER_WAY_MAX) - underWay)),
    async send(request, at) {
      underWay += 1;
      try {
        const status = await circuit.fire(request, at);
        failing = false;
        return status;
      } catch (error) {
        failing = true;
        throw error;
      } finally {
        underWay -= 1;
      }
    },
    stop: () => circuit.stop(),
  };
}

import { describe, expect, it } from '@jest/globals';
import { AppError, isRetryable } from '@keyturn/contracts';
import { breaker } from './breaker.ts';

const down = new AppError('kafka.unavailable', 'down');
const tooLarge = new AppError('kafka.record_too_large', 'too large');
const open = new AppError('kafka.unavailable', 'open');

function broken(error: AppError, resetMs = 60_000) {
  const calls = { count: 0, error: error as AppError | null };
  const guarded = breaker(
    async (name: string) => {
      calls.count += 1;
      if (calls.error) throw calls.error;
      return `hello ${name}`;
    },
    { name: 'test', whenOpen: () => open, isFault: isRetryable, callsMin: 5, resetMs },
  );
  const fire = (times: number) => Promise.allSettled(Array.from({ length: times }, () => guarded.fire('x')));
  return { calls, guarded, fire };
}

describe('breaker', () => {
  it('passes arguments, results and errors on', async () => {
    const { calls, guarded } = broken(down);
    await expect(guarded.fire('x')).rejects.toBe(down);
    calls.error = null;
    await expect(guarded.fire('x')).resolves.toBe('hello x');
    guarded.stop();
  });
  it('opens when most calls fail, and then fails at once without a call', async () => {
    const { calls, guarded, fire } = broken(down);
    await fire(10);
    expect(guarded.isOpen()).toBe(true);
    await expect(guarded.fire('x')).rejects.toBe(open);
    expect(calls.count).toBe(10);
    guarded.stop();
  });
  it('stays closed while most calls go through, and opens once most do not', async () => {
    const { calls, guarded, fire } = broken(down);
    calls.error = null;
    await fire(20);
    calls.error = down;
    await fire(15);
    expect(guarded.isOpen()).toBe(false);
    await fire(10);
    expect(guarded.isOpen()).toBe(true);
    guarded.stop();
  });
  it("stays closed on faults of the caller's own", async () => {
    const { guarded, fire } = broken(tooLarge);
    await fire(10);
    expect(guarded.isOpen()).toBe(false);
    await expect(guarded.fire('x')).rejects.toBe(tooLarge);
    guarded.stop();
  });
  it('closes again once a call goes through', async () => {
    const { calls, guarded, fire } = broken(down, 10);
    await fire(10);
    calls.error = null;
    while (guarded.isOpen()) await new Promise((resolve) => setTimeout(resolve, 2));
    await expect(guarded.fire('y')).resolves.toBe('hello y');
    expect(guarded.isOpen()).toBe(false);
    guarded.stop();
  });
});

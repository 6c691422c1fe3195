import { expect, it } from '@jest/globals';
import { createPace, WAITING_MAX } from './pace.ts';

/** A line that has these many records to apply, look after look; the last stays. The clock moves by what is paused. */
function line(waiting: readonly number[], done: (look: number) => string = String) {
  let [now, looks] = [0, 0];
  const log: string[] = [];
  const mayGo = createPace({
    rate: 100,
    behind: async () => ({ records: waiting[Math.min(looks, waiting.length - 1)] ?? 0, who: 'identity', done: done(looks++) }),
    nowMs: () => now,
    pause: async (ms) => {
      now += ms;
    },
    onWait: ({ records }) => log.push(`waits for ${records} at ${now}`),
  });
  return { mayGo, log, now: () => now };
}

it('no more than the rate, counted from when the ones before went', async () => {
  const { mayGo, now } = line([0]);
  const at: number[] = [];
  for (const events of [100, 50, 50, 200]) {
    await mayGo(events);
    at.push(now());
  }
  expect(at).toEqual([0, 1_000, 1_500, 2_000]);
});

it('none while more waits to be applied than is allowed, whoever wrote it; then again', async () => {
  const { mayGo, log } = line([WAITING_MAX, WAITING_MAX + 1, WAITING_MAX + 700, WAITING_MAX]);
  await mayGo(1);
  expect(log).toEqual([]);
  await mayGo(1);
  expect(log).toEqual([`waits for ${WAITING_MAX + 1} at 10`, `waits for ${WAITING_MAX + 700} at 510`]);
});

it('a time spent waiting is no time to be made up', async () => {
  const { mayGo, now } = line([0, 1_000, 0]);
  await mayGo(10);
  await mayGo(10); // at 600, after one look
  await mayGo(10);
  expect(now()).toBe(700);
});

it('waits for ever where something is done, and gives up after two minutes where nothing is', async () => {
  const busy = line([...Array.from({ length: 1_000 }, () => 9_999), 0]);
  await busy.mayGo(1);
  expect(busy.now()).toBe(500_000);
  const idle = line([9_999], () => 'nothing');
  await expect(idle.mayGo(1)).rejects.toMatchObject({ code: 'replay.stalled', message: expect.stringContaining('identity, 9999 of them') });
  expect(idle.now()).toBe(120_000);
});

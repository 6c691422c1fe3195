import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLog } from '../log.ts';
import { offsetHints } from './offset-hints.ts';

type Payload = Parameters<ReturnType<typeof offsetHints>['passed']>[0];

const told: string[] = [];
let fails = false;
beforeEach(() => {
  jest.useFakeTimers();
  told.length = 0;
  fails = false;
});
afterEach(() => void jest.useRealTimers());

const payload = (partition: number, isRunning = true): Payload => ({
  batch: { topic: 't', partition } as Payload['batch'],
  isRunning: () => isRunning,
  commitOffsetsIfNecessary: async (offsets) => {
    const request = (offsets?.topics ?? []).flatMap(({ topic, partitions }) =>
      partitions.map(({ partition: at, offset }) => `${topic}/${at}@${offset}`),
    );
    told.push(request.join(' '));
    if (fails) throw new Error('the group moves on');
  },
});
const hints = () => offsetHints(createLog('test', { level: 'silent' }));

describe('offsetHints', () => {
  it('tells the last offset of every partition in one request a second, and nothing where nothing moved', async () => {
    const { passed } = hints();
    for (let offset = 1n; offset <= 50n; offset += 1n) {
      await passed(payload(0), offset);
      await passed(payload(1), offset * 2n);
    }
    expect(told).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual(['t/0@50 t/1@100']);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(told).toHaveLength(1);
    await passed(payload(0), 51n);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(told.slice(1)).toEqual(['t/0@51']);
  });

  it('tells at the stop what is due, and from then on at once what ends while the member stops', async () => {
    const { passed, stop } = hints();
    await passed(payload(0), 1n);
    await passed(payload(1), 2n);
    await stop();
    expect(told).toEqual(['t/0@1 t/1@2']);
    await passed(payload(1), 4n);
    expect(told.slice(1)).toEqual(['t/1@4']);
  });

  it('asks nothing of a client that has ended: it would connect anew for that, and stay so', async () => {
    const { passed, stop } = hints();
    let isRunning = true;
    await passed({ ...payload(0), isRunning: () => isRunning }, 1n);
    isRunning = false;
    await jest.advanceTimersByTimeAsync(2_000);
    await passed(payload(1, false), 2n);
    await jest.advanceTimersByTimeAsync(2_000);
    await passed(payload(1, false), 3n);
    await stop();
    expect(told).toEqual([]);
  });

  it('says nothing of partitions that were dealt out anew', async () => {
    const { passed, forget } = hints();
    await passed(payload(0), 1n);
    forget();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(told).toEqual([]);
  });

  it('a request that fails harms nobody, and the next goes out', async () => {
    const { passed } = hints();
    fails = true;
    await passed(payload(0), 1n);
    await jest.advanceTimersByTimeAsync(1_000);
    fails = false;
    await passed(payload(0), 2n);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual(['t/0@1', 't/0@2']);
  });
});

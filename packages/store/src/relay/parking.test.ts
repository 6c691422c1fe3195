import { describe, expect, it } from '@jest/globals';
import { createParking } from './parking.ts';

const parkingAt = () => {
  let now = 0;
  const parking = createParking(
    () => now,
    () => 0,
  );
  const pass = (ms: number) => {
    now += ms;
  };
  return { parking, pass };
};
const [early, late] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:01:00Z')];

describe('createParking', () => {
  it('a key rests longer after each failure, two seconds at most', () => {
    const { parking, pass } = parkingAt();
    const rests = Array.from({ length: 6 }, () => {
      parking.park('a', early);
      let ms = 0;
      for (; parking.keys().includes('a'); ms += 100) pass(100);
      return ms;
    });
    expect(rests).toEqual([200, 400, 800, 1_600, 2_000, 2_000]);
  });

  it('a key that went out is forgotten, and begins with a short rest', () => {
    const { parking, pass } = parkingAt();
    for (let i = 0; i < 5; i++) parking.park('a', early);
    parking.clear('a');
    expect([parking.keys(), parking.oldest()]).toEqual([[], undefined]);
    parking.park('a', early);
    pass(200);
    expect(parking.keys()).toEqual([]);
  });

  it('knows the oldest row that waits, also while its key is tried again', () => {
    const { parking, pass } = parkingAt();
    parking.park('b', late);
    parking.park('a', early);
    pass(60_000);
    expect(parking.oldest()).toEqual(early);
  });

  it('is full at 5,000 keys, and is not once they may be tried again', () => {
    const { parking, pass } = parkingAt();
    for (let i = 0; i < 5_000; i++) parking.park(String(i), early);
    expect(parking.isFull()).toBe(true);
    pass(200);
    expect(parking.isFull()).toBe(false);
  });
});

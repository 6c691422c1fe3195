import { describe, expect, it } from '@jest/globals';
import { instantsToCount, webhookCounts } from './webhook-counts.ts';

const at = (time: string) => new Date(`2026-11-23T${time}Z`);
const times = (instants: readonly Date[]) => instants.map((one) => one.toISOString().slice(11, 19));

describe('the instants to count between', () => {
  it.each([
    ['go on with the stretch before the last', at('10:05:00'), at('10:11:30'), ['10:00:00', '10:05:00', '10:10:00', '10:11:30']],
    ['are the same within a stretch', at('10:10:00'), at('10:12:00'), ['10:05:00', '10:10:00', '10:12:00']],
    ['have no empty stretch where one begins now', at('10:10:00'), at('10:15:00'), ['10:05:00', '10:10:00', '10:15:00']],
    ['count up to now though the clock went back', at('11:00:00'), at('10:12:00'), ['10:10:00', '10:12:00']],
  ])('%s', (_which, last, now, expected) => expect(times(instantsToCount(last, now))).toEqual(expected));

  it.each([
    ['at first', null],
    ['after longer than the log keeps', new Date('2026-11-10T00:00:00Z')],
  ])('%s reach back as far as the log', (_when, last) => {
    const instants = instantsToCount(last, at('10:12:00'));
    expect(instants[0]).toEqual(new Date('2026-11-16T10:10:00Z'));
    expect(instants).toHaveLength((7 * 86_400) / 300 + 2);
  });
});

describe('what was counted', () => {
  const instants = [at('10:00:00'), at('10:05:00'), at('10:10:00'), at('10:11:30')];
  it.each([
    ['begins with the first webhook of all', null, [0, 4, 0], ['10:05:00', '10:10:00']],
    ['is nothing before it', null, [0, 0, 0], []],
    ['is none where none came since', at('10:05:00'), [0, 0, 0], ['10:05:00', '10:10:00']],
    ['has what came late', at('10:05:00'), [2, 0, 0], ['10:00:00', '10:05:00', '10:10:00']],
    ['begins anew after a time that nobody knows of', at('08:00:00'), [0, 1, 0], ['10:05:00', '10:10:00']],
  ])('%s', (_what, last, counts, expected) => {
    const counted = webhookCounts(last, instants, counts);
    expect(times(counted.map((one) => one.at))).toEqual(expected);
    expect(counted.at(-1)?.countedTo).toEqual(expected.length > 0 ? at('10:11:30') : undefined);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Topic } from '@keyturn/contracts';
import { type EncodedRecord, encodeRecord } from './encoded-record.ts';
import { createGather, type Gather } from './gather.ts';
import { type Bounds, defaultBounds, type Entry, type Lane, type Part, type Request, takePart } from './lane.ts';
import { createSender, type Produce } from './sender.ts';

const topic: Topic = { name: 't', schema: null, partitions: 3, cleanup: 'delete', messageBytesMax: 1_000 };
type Outcome = 'open' | 'confirmed' | string;
type Asked = { request: Request; outcome: Outcome; error?: Error; done: Promise<void> };

function ask(records: number): Asked {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const settle = (outcome: Outcome): void => {
    asked.request.settled = true;
    asked.outcome = outcome;
    resolve();
  };
  const asked: Asked = {
    outcome: 'open',
    done,
    request: {
      waiting: records,
      settled: false,
      confirm: () => settle('confirmed'),
      fail: (error) => {
        asked.error = error;
        settle((error as { code?: string }).code ?? error.message);
      },
    },
  };
  return asked;
}
const emptyLane = (): Lane => ({ topic, partition: 0, waiting: [], busy: false, alone: false });
/** What each record says. */
const said = new WeakMap<EncodedRecord, string>();
function entry(lane: Lane, request: Request, value: string, bytes = value.length): Entry {
  const record = encodeRecord({ key: 'k', value });
  said.set(record, value);
  return { lane, record, bytes, request };
}
const valuesOf = (parts: readonly Part[]): string[] =>
  parts.flatMap(({ lane, entries }) => entries.map(({ record }) => `${lane.partition}:${said.get(record)}`));
const typed = (type: string, retriable: boolean): Error => Object.assign(new Error(type), { type, retriable });

/** A broker whose answers the test gives, one send at a time. */
function heldBroker() {
  const sends: { values: string[]; answer: (error?: Error) => void }[] = [];
  const produce: Produce = (parts) =>
    new Promise((resolve, reject) => sends.push({ values: valuesOf(parts), answer: (error) => (error ? reject(error) : resolve()) }));
  return { sends, produce };
}
/** A broker that refuses what `refuses` says, as kafkajs tells it: one error for the whole request. */
function pickyBroker(refuses: (value: string) => Error | undefined) {
  const written: string[] = [];
  const sends: string[][] = [];
  const produce: Produce = async (parts) => {
    const values = valuesOf(parts);
    sends.push(values);
    const error = values.map(refuses).find((one) => one !== undefined);
    written.push(...values.filter((value) => !refuses(value)));
    if (error) throw error;
  };
  return { written, sends, produce };
}

function publish(gather: Gather, ...records: [partition: number, value: string][]): Asked {
  const asked = ask(records.length);
  gather.add(records.map(([partition, value]) => entry(gather.lane(topic, partition), asked.request, value)));
  return asked;
}
const gatherOf = (produce: Produce, bounds: Partial<Bounds> = {}) =>
  createGather(createSender(produce, 1_000), { ...defaultBounds, ...bounds });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('takePart', () => {
  const bounds = { ...defaultBounds, partBytesMax: 10, partRecordsMax: 3 };
  it.each([
    ['takes as many as fit, in order', [4, 4, 4], [4, 4]],
    ['takes one larger than the bound alone', [25, 4], [25]],
    ['does not put one larger than the bound behind others', [4, 25], [4]],
    ['takes no more records than a batch may hold', [1, 1, 1, 1], [1, 1, 1]],
  ])('%s', (_guarantee, sizes, taken) => {
    const { request } = ask(1);
    const lane = emptyLane();
    lane.waiting = sizes.map((bytes) => entry(lane, request, 'v', bytes));
    const { part } = takePart(lane, bounds);
    expect(part.entries.map(({ bytes }) => bytes)).toEqual(taken);
    expect(lane.waiting).toHaveLength(sizes.length - taken.length);
  });

  it('leaves out what nobody waits for any more', () => {
    const [over, open] = [ask(1), ask(1)];
    over.request.settled = true;
    const lane = emptyLane();
    lane.waiting = [entry(lane, over.request, 'a'), entry(lane, open.request, 'b')];
    const { part, dropped } = takePart(lane, bounds);
    expect([valuesOf([part]), dropped.length]).toEqual([['0:b'], 1]);
  });
});

describe('createGather', () => {
  it('gathers what arrives while a send is under way into one send', async () => {
    const { sends, produce } = heldBroker();
    const gather = gatherOf(produce);
    const asked = [publish(gather, [0, 'a'])];
    await turn();
    asked.push(publish(gather, [0, 'b']), publish(gather, [1, 'c'], [2, 'd']));
    await turn();
    expect(sends.map(({ values }) => values)).toEqual([['0:a']]);
    sends[0]?.answer();
    await turn();
    expect(sends[1]?.values).toEqual(['0:b', '1:c', '2:d']);
    expect(asked.map(({ outcome }) => outcome)).toEqual(['confirmed', 'open', 'open']);
    sends[1]?.answer();
    await gather.idle();
    expect(asked.map(({ outcome }) => outcome)).toEqual(['confirmed', 'confirmed', 'confirmed']);
  });

  it('one partition refuses: only the requests with a record on it fail, the rest is written', async () => {
    const { written, sends, produce } = pickyBroker((value) =>
      value.startsWith('1:') ? typed('TOPIC_AUTHORIZATION_FAILED', false) : undefined,
    );
    const gather = gatherOf(produce);
    const asked = [publish(gather, [0, 'a']), publish(gather, [0, 'b'], [1, 'c']), publish(gather, [2, 'd'])];
    await gather.idle();
    expect(asked.map(({ outcome }) => outcome)).toEqual(['confirmed', 'kafka.unavailable', 'confirmed']);
    expect(written).toEqual(expect.arrayContaining(['0:a', '0:b', '2:d']));
    publish(gather, [0, 'e'], [1, 'f'], [2, 'g']);
    await gather.idle();
    expect(sends.slice(-2)).toEqual([['1:f'], ['0:e', '2:g']]); // no longer together with the others
  });

  it('a partition that hangs holds up nobody else, and goes with the others again once it is well', async () => {
    const { sends, produce } = heldBroker();
    const gather = gatherOf(produce);
    const stuck = publish(gather, [0, 'a'], [1, 'b']);
    await turn();
    sends[0]?.answer(typed('NOT_LEADER_FOR_PARTITION', true));
    await turn();
    sends.find(({ values }) => values[0] === '1:b')?.answer();
    await turn();
    const other = publish(gather, [1, 'c']);
    const behind = publish(gather, [0, 'd']);
    await turn();
    sends.find(({ values }) => values[0] === '1:c')?.answer();
    await other.done;
    expect([stuck.outcome, other.outcome]).toEqual(['open', 'confirmed']);
    sends[1]?.answer();
    await stuck.done;
    await turn();
    expect(sends.at(-1)?.values).toEqual(['0:d']);
    sends.at(-1)?.answer();
    await behind.done;
    publish(gather, [0, 'e'], [1, 'f']);
    await turn();
    expect(sends.at(-1)?.values).toEqual(['0:e', '1:f']);
    sends.at(-1)?.answer();
    await gather.idle();
  });

  it('of a batch too large for the broker, only the record that is too large by itself fails', async () => {
    const { written, produce } = pickyBroker((value) => (value.includes('huge') ? typed('MESSAGE_TOO_LARGE', false) : undefined));
    const gather = gatherOf(produce);
    const asked = ['a', 'b', 'huge', 'c'].map((value) => publish(gather, [0, value]));
    await gather.idle();
    expect(asked.map(({ outcome }) => outcome)).toEqual(['confirmed', 'confirmed', 'kafka.record_too_large', 'confirmed']);
    expect(asked[2]?.error).toMatchObject({ detail: { topic: 't' } });
    expect(written).toEqual(expect.arrayContaining(['0:a', '0:b', '0:c']));
  });

  it('a passing failure is tried again while somebody waits, and no longer', async () => {
    let failures = 3;
    const { sends, produce } = pickyBroker(() => (failures-- > 0 ? typed('LEADER_NOT_AVAILABLE', true) : undefined));
    const gather = gatherOf(produce);
    const patient = publish(gather, [0, 'a']);
    await gather.idle();
    expect([patient.outcome, sends.length]).toEqual(['confirmed', 3]);
    failures = Number.POSITIVE_INFINITY;
    const gone = publish(gather, [0, 'b']);
    await turn();
    gone.request.fail(new Error('timeout'));
    await gather.idle();
    expect(gone.outcome).toBe('timeout');
  });

  it('a full queue refuses at once, and takes again once there is room', async () => {
    const { sends, produce } = heldBroker();
    const gather = gatherOf(produce, { queueRecordsMax: 2, queueBytesMax: 10 });
    publish(gather, [0, 'a'], [0, 'b']);
    expect(() => publish(gather, [1, 'c'])).toThrow(expect.objectContaining({ code: 'kafka.unavailable' }));
    await turn();
    sends[0]?.answer();
    await gather.idle();
    expect(() => publish(gather, [1, 'eleven bytes'])).toThrow(expect.objectContaining({ code: 'kafka.unavailable' }));
    expect(() => publish(gather, [1, 'c'])).not.toThrow();
    await turn();
    sends[1]?.answer();
    await gather.idle();
  });
});

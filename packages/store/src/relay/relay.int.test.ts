import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactEvents, contactState, type Topic } from '@keyturn/contracts';
import { type Kafka, type Publisher, startPublisher } from '@keyturn/runtime';
import { testKafka, until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { OUTBOX_SHARDS } from '../outbox.ts';
import { doorTo, kafkaAt, log, makeTopics, type Outbox, type Read, readTopics, relayOn, testOutbox, versionsOf } from './relay.fixture.ts';
import type { Relay } from './start-relay.ts';

const { brokers, prefix } = testKafka();
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
/** Each version once, where it came first. */
const firsts = (versions: readonly number[]) => [...new Set(versions)];
const topics: readonly Topic[] = [contactEvents, contactState];

let kafka: Kafka;
let found: Read[];
let stopReading: () => Promise<void>;
beforeAll(async () => {
  kafka = kafkaAt(brokers);
  await makeTopics(kafka, prefix);
  ({ found, stop: stopReading } = await readTopics(kafka, prefix));
});
afterAll(() => stopReading());

let contactIds: string[];
let outbox: Outbox;
let ends: (() => Promise<unknown>)[];
beforeEach(async () => {
  contactIds = Array.from({ length: 12 }, () => v7());
  outbox = await testOutbox(contactIds);
  ends = [outbox.close];
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
});

type Options = Parameters<typeof relayOn>[3];
function relay(options: Options = {}, door: { url: string } = outbox): Relay {
  const started = relayOn(door, kafka, prefix, options);
  ends.push(started.stop);
  return started;
}
const tellAll = (times: number) =>
  Promise.all(
    contactIds.map(async (contactId) => {
      for (let i = 0; i < times; i++) await outbox.tell(contactId);
    }),
  );
const isOut = (count: number) =>
  until(`${count} versions of each contact are out and gone from the outbox`, async () => {
    const complete = contactIds.every((id) => topics.every((topic) => firsts(versionsOf(found, topic, id)).length === count));
    return complete && (await outbox.waiting()) === 0;
  });
const holdsAll = (one: Relay) => until('it holds all shards', () => one.shardCount() === OUTBOX_SHARDS);
/** Lets a test see each publish before it goes to Kafka, and each confirmed one before the relay hears of it. */
const watch =
  (before: () => void, after: () => Promise<unknown> = async () => {}) =>
  (publisher: Publisher): Publisher => ({
    async publish(records) {
      before();
      await publisher.publish(records);
      await after();
    },
    stop: publisher.stop,
  });
const terminate = () =>
  outbox.database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'keyturn-relay-shards' and datname = current_database()",
  );
const expectInOrder = (count: number) => {
  for (const id of contactIds) for (const topic of topics) expect(versionsOf(found, topic, id)).toEqual(upTo(count));
};
const expectRepeatsOnly = (count: number) => {
  for (const id of contactIds) {
    for (const topic of topics) {
      const versions = versionsOf(found, topic, id);
      expect(firsts(versions)).toEqual(upTo(count));
      expect(versions.at(-1)).toBe(count);
    }
  }
};

describe('startRelay', () => {
  it('while many write at once and two relays run, each contact comes in order, without a gap and once', async () => {
    const [first, second] = [relay(), relay()];
    await tellAll(25);
    await isOut(25);
    expectInOrder(25);
    expect(first.shardCount() + second.shardCount()).toBe(OUTBOX_SHARDS);
    expect([...first.notReady(), ...second.notReady()]).toEqual([]);
  });

  it('a clean stop hands over at once', async () => {
    const first = relay();
    await tellAll(1);
    await isOut(1);
    const second = relay({ uncleanWaitMs: 60_000 });
    await first.stop();
    await tellAll(1);
    await isOut(2);
    expectInOrder(2);
    expect(second.shardCount()).toBe(OUTBOX_SHARDS);
  });

  it('after a loss of the locks the next owner waits, and the loser sends nothing more', async () => {
    const door = await doorTo(outbox.url);
    ends.push(door.close);
    const [sentByFirst, sentBySecond]: [number[], number[]] = [[], []];
    const first = relay({ watch: watch(() => sentByFirst.push(performance.now())) }, door);
    await holdsAll(first);
    await tellAll(1);
    await isOut(1);
    const second = relay({ uncleanWaitMs: 1_200, watch: watch(() => sentBySecond.push(performance.now())) });
    door.shut();
    const lostAt = performance.now();
    await holdsAll(second);
    await tellAll(2);
    door.open();
    await isOut(3);
    expectInOrder(3);
    expect(Math.max(...sentByFirst)).toBeLessThan(lostAt);
    expect(Math.min(...sentBySecond)).toBeGreaterThan(lostAt + 1_200);
    expect(first.shardCount()).toBe(0);
  });

  it('an owner whose connection is killed between Kafka and the outbox publishes again: repeats, nothing else', async () => {
    let kills = 0;
    const one = relay({
      uncleanWaitMs: 60_000,
      watch: watch(
        () => {},
        async () => kills++ < 3 && terminate(),
      ),
    });
    await tellAll(6);
    await isOut(6);
    expectRepeatsOnly(6);
    expect(found.length).toBeGreaterThan(firsts(versionsOf(found, contactEvents, contactIds[0] ?? '')).length);
    expect(kills).toBeGreaterThan(3);
    expect(one.notReady()).toEqual([]);
  });

  it('PostgreSQL away: it says so, and goes on by itself', async () => {
    const door = await doorTo(outbox.url);
    ends.push(door.close);
    const one = relay({ uncleanWaitMs: 60_000 }, door);
    await holdsAll(one);
    door.shut();
    await until('it is not ready', () => one.notReady().includes('PostgreSQL does not answer'));
    await tellAll(2);
    door.open();
    await isOut(2);
    expectInOrder(2);
  });

  it('Kafka away from the start: nothing is lost, and it goes on by itself', async () => {
    let tries = 0;
    const closed = kafkaAt(['127.0.0.1:1']);
    const openPublisher = () => startPublisher({ kafka: tries++ < 2 ? closed : kafka, prefix, log });
    const one = relay({ openPublisher });
    await tellAll(2);
    await until('it is not ready', () => one.notReady().includes('Kafka does not confirm'));
    await isOut(2);
    expectInOrder(2);
    expect(one.notReady()).toEqual([]);
  });

  it('a topic that Kafka does not have holds up no other contact, and its rows go out in order once it is made', async () => {
    const later = { ...contactEvents, name: 'later.v1' };
    const one = relay({ topics: [...topics, later] });
    const [waiting = '', ...others] = contactIds;
    await outbox.database.pool.query(
      `insert into outbox (shard, key, topic, headers, value) select 0, $1, 'later.v1', '{}', convert_to(format('{"version": %s}', n), 'UTF8')
       from generate_series(1, 3) as n`,
      [waiting],
    );
    await Promise.all(others.map((id) => outbox.tell(id)));
    await until('the others are out', () => others.every((id) => versionsOf(found, contactState, id).length === 1));
    await until('it says that something is wrong', () => one.notReady().length > 0);
    await until('only its rows wait', async () => (await outbox.waiting()) === 3);
    await makeTopics(kafka, prefix, contactEvents.messageBytesMax, [later]);
    await until('the outbox is empty', async () => (await outbox.waiting()) === 0);
  });
});

describe('what Kafka refuses for good', () => {
  it('goes aside whole, what fits of it and all that follows goes out, and a later start tries it again', async () => {
    const narrow = `${prefix}narrow.`;
    await makeTopics(kafka, narrow, 3_000);
    const reading = await readTopics(kafka, narrow);
    ends.push(reading.stop);
    const [id = '', other = ''] = contactIds;
    await outbox.tell(id);
    await outbox.tell(id, { event: 9_000 });
    await outbox.tell(id);
    await outbox.tell(other, { event: 9_000, state: 9_000 });
    await outbox.database.pool.query("insert into outbox (shard, key, topic, headers, value) values (0, $1, 'unheard.of', '{}', '{}')", [
      id,
    ]);
    const first = relayOn(outbox, kafka, narrow);
    ends.push(first.stop);
    await until('the outbox is empty', async () => (await outbox.waiting()) === 0);
    await until('what fits is read', () => topics.every((topic) => versionsOf(reading.found, topic, id).includes(3)));
    expect(firsts(versionsOf(reading.found, contactEvents, id))).toEqual([1, 3]);
    expect(firsts(versionsOf(reading.found, contactState, id))).toEqual([1, 2, 3]);
    const { rows } = await outbox.database.pool.query<{ reason: string }>('select reason from outbox_refused order by position');
    expect(rows.map(({ reason }) => reason.replace(/\d+ bytes/g, 'its bytes'))).toEqual([
      expect.stringMatching(/^too_large: contact.events.v1/),
      expect.stringMatching(/^too_large: contact.events.v1 .*; contact.state.v1 /),
      expect.stringMatching(/^unknown_topic: .*unheard\.of/),
    ]);
    await first.stop();
    await widen(narrow);
    const second = relayOn(outbox, kafka, narrow);
    ends.push(second.stop);
    const isReadmitted = (contactId: string) =>
      reading.found.some(({ topic, key, headers }) => topic === contactEvents.name && key === contactId && headers.readmitted === 'true');
    await until('what was refused is read', () => isReadmitted(id) && isReadmitted(other));
    expect(versionsOf(reading.found, contactEvents, other)).toEqual([1]);
    await until('only the unknown is left', async () => (await outbox.waiting()) === 0);
    expect((await outbox.database.pool.query('select from outbox_refused')).rowCount).toBe(1);
  });
});

async function widen(prefixOf: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'max.message.bytes', value: '100000' }];
  await admin.alterConfigs({
    validateOnly: false,
    resources: topics.map(({ name }) => ({ type: 2, name: prefixOf + name, configEntries })),
  });
  await admin.disconnect();
}

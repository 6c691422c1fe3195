import { AppError, allTopics, headers, type Topic } from '@keyturn/contracts';
import type { OutgoingRecord, Publisher } from '@keyturn/runtime';
import type { OutboxRow, Refusal } from './outbox-rows.ts';
import { openSends } from './send-spans.ts';

/** How a read of the outbox ended. Every row is in one of the three; `failed` names the keys whose rows are to be sent again, from the oldest on. */
export type Sent = {
  readonly confirmed: string[];
  readonly refused: Refusal[];
  readonly failed: Map<string, Error>;
};
/** `mayPublish` is asked before each send but the first: false once the shards may be somebody else's. */
export type Outlet = { readonly publisher: Publisher; readonly topics: ReadonlyMap<string, Topic>; mayPublish(): Promise<boolean> };

/** The topics that the relay may be asked to publish to, by name. */
export const topicsByName = (topics: readonly Topic[] = allTopics): ReadonlyMap<string, Topic> =>
  new Map(topics.map((topic) => [topic.name, topic]));

/** Publishes rows in position order per key: all rows of one key are one request, confirmed or sent again as a whole, so a later row never goes
 *  out before an earlier one is confirmed with it. The keys share the publisher's sends, and one key's failure leaves the others alone. */
export async function publishRows(outlet: Outlet, rows: readonly OutboxRow[]): Promise<Sent> {
  const sent: Sent = { confirmed: [], refused: [], failed: new Map() };
  const sends = openSends(rows);
  const byKey = Map.groupBy(sends.rows, ({ key }) => key);
  await Promise.all([...byKey].map(([key, own]) => publishKey(outlet, key, own, sent)));
  sends.end(sent);
  return sent;
}

async function publishKey(outlet: Outlet, key: string, rows: readonly OutboxRow[], sent: Sent): Promise<void> {
  const unknown = rows.filter((row) => recordsOf(outlet, row) === null);
  for (const { position, topic } of unknown) sent.refused.push({ position, reason: `unknown_topic: this relay knows no topic ${topic}` });
  const known = rows.filter((row) => !unknown.includes(row));
  const failure = await publishRun(outlet, known, sent);
  if (failure !== null) sent.failed.set(key, failure);
}

/** Sends a run of one key's rows. Where Kafka finds a record too large, halves show which one; the rest goes out in order. */
async function publishRun(outlet: Outlet, rows: readonly OutboxRow[], sent: Sent): Promise<Error | null> {
  const failure = await send(
    outlet,
    rows.flatMap((row) => recordsOf(outlet, row) ?? []),
  );
  if (failure === null) {
    for (const { position } of rows) sent.confirmed.push(position);
    return null;
  }
  if (failure.code !== 'kafka.record_too_large') return failure;
  if (!(await outlet.mayPublish())) return lost();
  const [first] = rows;
  if (rows.length === 1 && first) return publishInPieces(outlet, first, sent);
  const middle = rows.length >> 1;
  return (await publishRun(outlet, rows.slice(0, middle), sent)) ?? publishRun(outlet, rows.slice(middle), sent);
}

/** Of a row with a record that is too large, the one that fits still goes out; the row is refused. */
async function publishInPieces(outlet: Outlet, row: OutboxRow, sent: Sent): Promise<Error | null> {
  const tooLarge: string[] = [];
  for (const record of recordsOf(outlet, row) ?? []) {
    const failure = await send(outlet, [record]);
    if (failure?.code === 'kafka.record_too_large') tooLarge.push(`${record.topic.name} refuses its ${record.value.length} bytes`);
    else if (failure !== null) return failure;
    if (!(await outlet.mayPublish())) return lost();
  }
  if (tooLarge.length > 0) sent.refused.push({ position: row.position, reason: `too_large: ${tooLarge.join('; ')}` });
  else sent.confirmed.push(row.position);
  return null;
}

/** The records of a row; null where the relay does not know a topic of it. */
function recordsOf({ topics }: Outlet, row: OutboxRow): OutgoingRecord[] | null {
  const topic = topics.get(row.topic);
  const event = topic && { topic, key: row.key, value: row.value, headers: row.headers };
  if (row.stateTopic === null || row.state === null) return event ? [event] : null;
  const stateTopic = topics.get(row.stateTopic);
  const { [headers.traceparent]: traceparent } = row.headers;
  const along = traceparent === undefined ? {} : { headers: { [headers.traceparent]: traceparent } };
  return event && stateTopic ? [event, { topic: stateTopic, key: row.key, value: row.state, ...along }] : null;
}

async function send({ publisher }: Outlet, records: readonly OutgoingRecord[]): Promise<AppError | null> {
  if (records.length === 0) return null;
  try {
    await publisher.publish(records);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

const lost = () => new AppError('store.unavailable', 'the connection that holds the shards is gone: whoever takes them sends the rest');

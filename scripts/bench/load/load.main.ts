// usage: started by scripts/bench.ts   Makes load in a process of its own, so that it never waits for who bears it.
import { bodyOf, changeOf, messageUnder, personOf, requestOf } from './bodies.ts';
import { driveClosed, drivePaced } from './drive.ts';
import type { Answer, Job, Traffic } from './jobs.ts';
import { random } from './random.ts';

const seconds = (): number => Math.floor(Date.now() / 1_000);

/** Answers the request of a number. */
function requestsOf(traffic: Traffic): (number: number) => Buffer {
  const { url, secret, run, persons, personFrom, items = 1 } = traffic;
  const { host } = new URL(url);
  const below = random(run);
  return (number) => {
    const changes = Array.from({ length: items }, (_, i) =>
      changeOf(below(100), personOf(personFrom + below(persons)), seconds(), `${run}.${number}.${i}`),
    );
    return requestOf(host, bodyOf(...changes), secret);
  };
}

const FIRST_HASH_AGE_SECONDS = 60;
async function perform(job: Job): Promise<Answer> {
  const url = new URL(job.traffic.url);
  const make = requestsOf(job.traffic);
  const { count } = job.traffic;
  let number = 0;
  if (job.kind === 'closed') {
    const made = Array.from({ length: count }, (_, i) => make(i));
    return { kind: 'driven', driven: await driveClosed({ ...job, url, next: () => made[number++ % count] as Buffer }) };
  }
  if (job.kind === 'all') {
    const next = () => (number < count ? make(number++) : null);
    return { kind: 'driven', driven: await driveClosed({ ...job, url, next, warmupMs: 0, durationMs: Number.POSITIVE_INFINITY }) };
  }
  const { every, personFrom } = job.probes;
  const probe = (i: number, hash: string, at: number) => {
    const person = personOf(personFrom + Math.floor(i / every));
    return requestOf(url.host, bodyOf(messageUnder(person, hash, at, `${job.traffic.run}.${hash}.${i}`)), job.traffic.secret);
  };
  const isProbe = (i: number) => i % every === 0;
  const all = Array.from({ length: count }, (_, i) => i);
  if (job.kind === 'acquaint') {
    const first = all.filter(isProbe).map((i) => probe(i, 'Zmlyc3Q', seconds() - FIRST_HASH_AGE_SECONDS));
    const next = () => first[number++] ?? null;
    return { kind: 'driven', driven: await driveClosed({ ...job, url, next, warmupMs: 0, durationMs: Number.POSITIVE_INFINITY }) };
  }
  const requests = all.map((i) => (isProbe(i) ? probe(i, 'c2Vjb25k', seconds()) : make(i)));
  let startedAt = 0;
  const paced = await drivePaced({
    ...job,
    url,
    requests,
    onStart: (at) => {
      startedAt = at;
    },
  });
  return { kind: 'paced', paced, startedAt };
}

process.on('message', (job: Job) => {
  perform(job)
    .catch((error: unknown): Answer => ({ kind: 'failed', reason: String(error) }))
    .then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());

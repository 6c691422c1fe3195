import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { AccountEvent, type ContactGroup, InboundEvent, inbound } from '@keyturn/contracts';
import { normalize } from '@keyturn/normalize';
import { actingOn, sees } from './acting.ts';
import { bodyOf, samples, unknownFixtures } from './fixtures.ts';
import { allRows, pageOf, rowsOf } from './table.ts';

const sampleRows = samples.map((sample) => [`${sample.fixture} ${sample.changed?.[1] ?? ''}`, sample] as const);

it('the page is what the code does; else run npm run docs:webhooks, and commit it', () =>
  expect(readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8')).toBe(pageOf(allRows())));

it.each(sampleRows)('%s has a row, and is unrecognized only where it is marked as unknown', (_name, sample) => {
  const rows = rowsOf(sample);
  expect(rows.length).toBeGreaterThan(0);
  for (const { field, said } of rows) expect([field, said]).not.toContain('undefined');
  if (!unknownFixtures.includes(sample.fixture)) expect(rows.map(({ event }) => event)).not.toContain('webhook.unrecognized');
});
it.each(unknownFixtures.map((fixture) => [fixture]))('%s is kept as unrecognized', (fixture) =>
  expect(rowsOf({ fixture }).map(({ event }) => event)).toContain('webhook.unrecognized'),
);

it('every event type has a row', () => {
  const types = [...InboundEvent.options, ...AccountEvent.options].map(({ shape }) => shape.type.value);
  expect(new Set(allRows().map(({ event }) => event))).toEqual(new Set(types));
});

describe('no consumer skips unparsed what it would have acted on', () => {
  it.each(sampleRows)('%s', (_name, sample) => {
    for (const { event, topic, facets } of normalize(bodyOf(sample), { webhookId: 'w', receivedAt: new Date('2026-11-23T12:00:00Z') })) {
      if (topic !== inbound) continue;
      const acting = actingOn(event as InboundEvent, facets).filter((one) => one !== 'directory' && one !== 'account') as ContactGroup[];
      for (const group of acting) expect([group, event.type, sees(group, facets)]).toEqual([group, event.type, true]);
    }
  });
});

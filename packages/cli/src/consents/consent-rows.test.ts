import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ConsentRow, consentRows } from './consent-rows.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'consent-rows-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

async function rowsOf(text: string): Promise<ConsentRow[]> {
  const file = path.join(dir, 'list.csv');
  writeFileSync(file, text);
  const said = { countryCodes: [], kind: 'opt_in', categories: 'marketing', source: 'import', occurredAt: '2026-03-01T00:00:00Z' };
  const rows: ConsentRow[] = [];
  for await (const row of consentRows(file, said)) rows.push(row);
  return rows;
}

it.each(['form', 'Größe', 'constructor', 'toString'])('a column is evidence under its heading: %s', async (heading) =>
  expect(await rowsOf(`number,${heading}\n+491712345678,x`)).toMatchObject([{ line: 2, item: { evidence: { [heading]: 'x' } } }]),
);

it('a heading under which nothing can be kept is named', async () =>
  expect(await rowsOf('number,__proto__\n+491712345678,x')).toMatchObject([{ line: 2, fault: expect.stringContaining('evidence') }]));

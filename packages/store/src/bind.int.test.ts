import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '@keyturn/testkit';
import pg from 'pg';
import { byteas, doubles, instants, integers, jsons, smallints, texts, uuids } from './bind.ts';
import { storeError } from './database.ts';

let given: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  given = await testDatabase();
  client = new pg.Client({ connectionString: given.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await given.drop();
});

const ODD = ['', 'plain', 'a "quoted" \\ one', '{a,b}', 'NULL', 'ü 😀 ع', null, 'x'.repeat(70_000)];
const A = '01980000-0000-7000-8000-0000000000ff';

async function kept(type: string, bound: Buffer, text: unknown): Promise<{ same: boolean; rows: number }> {
  const { rows } = await client.query<{ same: boolean; rows: number }>(
    `select $1::${type}[] is not distinct from $2::${type}[] as same, coalesce(array_length($1::${type}[], 1), 0) as rows`,
    [bound, text],
  );
  return rows[0] as { same: boolean; rows: number };
}

describe('columns of rows in PostgreSQL’s binary form are what the same values are as text', () => {
  it.each<[string, Buffer, readonly unknown[]]>([
    ['text', texts(ODD), ODD],
    ['text', texts([]), []],
    ['jsonb', jsons(ODD.map((text) => JSON.stringify({ text }))), ODD.map((text) => JSON.stringify({ text }))],
    ['jsonb', jsons(['null', null, '[1.50, "\\u0041"]']), ['null', null, '[1.50, "A"]']],
    ['bytea', byteas(['ü', Buffer.from([0, 255]), null]), [Buffer.from('ü'), Buffer.from([0, 255]), null]],
    ['uuid', uuids([A, null, A.toUpperCase()]), [A, null, A]],
    ['int4', integers([0, -1, 2 ** 31 - 1, -(2 ** 31), null]), [0, -1, 2 ** 31 - 1, -(2 ** 31), null]],
    ['smallint', smallints([0, -32_768, 32_767]), [0, -32_768, 32_767]],
    ['float8', doubles([0.1, Infinity, -Infinity, 1e300, null]), [0.1, 'Infinity', '-Infinity', 1e300, null]],
    [
      'timestamptz',
      instants(['1999-12-31T23:59:59.999Z', '2026-11-28T01:02:03.004Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', null]),
      ['1999-12-31T23:59:59.999Z', '2026-11-28T01:02:03.004Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', null],
    ],
  ])('%s (case %#)', async (type, bound, text) => {
    expect(await kept(type, bound, text)).toEqual({ same: true, rows: text.length });
  });

  it.each([
    ['text with NUL', () => texts(['a\0b']), 'text'],
    ['JSON with NUL', () => jsons(['{"a":"\\u0000"}']), 'jsonb'],
    ['no JSON', () => jsons(['{']), 'jsonb'],
    ['no UUID', () => uuids([`${A.slice(0, -2)}zz`]), 'uuid'],
    ['a UUID cut short', () => uuids([A.slice(0, -2)]), 'uuid'],
    ['an instant of the year 0', () => instants(['0000-12-31T23:59:59Z']), 'timestamptz'],
    ['no instant', () => instants(['yesterday']), 'timestamptz'],
  ])('%s is refused as data', async (_case, bind, type) => {
    const asked = (async () => kept(type, bind(), [null]))().catch((error: unknown) => Promise.reject(storeError(error)));
    await expect(asked).rejects.toMatchObject({ code: 'store.data' });
  });
});

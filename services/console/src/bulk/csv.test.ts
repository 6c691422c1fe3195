import { expect, it } from '@jest/globals';
import type { BulkRowJson } from '@keyturn/contracts';
import { csvOf } from './csv.ts';

const row: BulkRowJson = {
  ...{ place: 1, contactId: 'c', keyHash: 'h=', version: 2, outcome: 'decided', reason: null, decisionId: 'd', newContactId: null },
  decidedAt: '2026-03-01T00:00:00.000Z',
};
it.each([
  ['is as it is', 'h=', 'h='],
  ['with a comma or quote is quoted', 'a,"b"', '"a,""b"""'],
  ['over two lines is quoted', 'a\r\nb', '"a\r\nb"'],
  ['that would be a formula is none', '=1+1', "'=1+1"],
  ['that would be a formula after a sign is none', '@x', "'@x"],
])('a cell %s', (_guarantee, keyHash, cell) =>
  expect(
    csvOf([{ ...row, keyHash }]).slice('place,contactId,keyHash,version,outcome,reason,decisionId,newContactId,decidedAt\r\n'.length),
  ).toBe(`1,c,${cell},2,decided,,d,,2026-03-01T00:00:00.000Z\r\n`),
);

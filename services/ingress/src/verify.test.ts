import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isSignature, verify } from './verify.ts';

type Vectors = { app_secret: string; vectors: { name: string; raw_body: string; signature: string; valid?: boolean }[] };
const { app_secret: secret, vectors } = JSON.parse(
  readFileSync(new URL('../fixtures/signature.vectors.json', import.meta.url), 'utf8'),
) as Vectors;
const good = vectors[0];

describe('signature vectors', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, { raw_body, signature, valid = true }) => {
    expect(verify([secret], Buffer.from(raw_body), signature)).toBe(valid);
    expect(verify(['the-current-one', secret], Buffer.from(raw_body), signature)).toBe(valid);
    expect(verify(['the-current-one', 'and-another'], Buffer.from(raw_body), signature)).toBe(false);
  });
});

it.each([
  [undefined],
  [''],
  ['sha256='],
  [`sha1=${'0'.repeat(40)}`],
  [good?.signature.slice('sha256='.length)],
  [` ${good?.signature}`],
  [`${good?.signature}\n`],
  [`${good?.signature},${good?.signature}`],
  [good?.signature.replace('sha256', 'SHA256')],
  [`${good?.signature}0`],
])('an odd header is no signature: %p', (header) => {
  expect(isSignature(header)).toBe(false);
  expect(verify([secret], Buffer.from(good?.raw_body ?? ''), header)).toBe(false);
});

import { expect, it } from '@jest/globals';
import { atOnce, type Tx } from './database.ts';

const tx = {} as Tx;
const failure = (code: string) => Object.assign(new Error(code), { code });
const inTwoSteps = async () => {
  await Promise.resolve();
  throw failure('25P02');
};

it.each([
  ['the first in their order', [failure('23505'), failure('40P01')], '23505'],
  ['what made the transaction fail, and not what was only told so', [failure('25P02'), failure('40P01'), failure('25P02')], '40P01'],
  ['that it had failed, where nothing here did it', [failure('25P02'), failure('25P02')], '25P02'],
])('of what is asked at once and fails, says %s', async (_which, failures, code) => {
  const asked = failures.map((error) => () => Promise.reject(error));
  await expect(atOnce(tx, () => 'fine', ...asked)).rejects.toMatchObject({ code });
});

it('says why a neighbour failed to whom its second step was refused for that', async () => {
  await expect(atOnce(tx, inTwoSteps, () => Promise.reject(failure('22P05')))).rejects.toMatchObject({ code: '22P05' });
});

it('answers or fails only when nothing of it is under way any more', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  let isOver = false;
  const asked = atOnce(
    tx,
    () => Promise.reject(failure('23505')),
    () => promise,
  ).finally(() => {
    isOver = true;
  });
  await new Promise((done) => setImmediate(done));
  expect(isOver).toBe(false);
  resolve('late');
  await expect(asked).rejects.toMatchObject({ code: '23505' });
});

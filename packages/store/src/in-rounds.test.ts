import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { inRounds } from './in-rounds.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Rounds as they were begun; each ends when it is let go. */
function watched(fails: (items: readonly string[]) => Error | null = () => null) {
  const rounds: string[] = [];
  const letGo: (() => void)[] = [];
  const inRound = inRounds<string, string>(async (items) => {
    rounds.push(items.join(''));
    await new Promise<void>((resolve) => letGo.push(resolve));
    const error = fails(items);
    if (error) throw error;
    return items.join('');
  });
  const ask = (items: readonly string[]) => {
    const answer = inRound(items);
    answer.catch(() => {}); // looked at when all have ended
    return answer;
  };
  const next = async () => {
    letGo.shift()?.();
    await turn();
  };
  return { rounds, ask, next };
}
const endsOf = async (answers: readonly Promise<string>[]) =>
  (await Promise.allSettled(answers)).map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message));

it('one round is under way at a time, and who comes meanwhile shares the next', async () => {
  const { rounds, ask, next } = watched();
  const answers = [ask(['a']), ask(['b', 'c']), ask(['d'])];
  expect(rounds).toEqual(['a']);
  await next();
  expect(rounds).toEqual(['a', 'bcd']);
  answers.push(ask(['e']));
  await next();
  await next();
  expect(rounds).toEqual(['a', 'bcd', 'e']);
  expect(await endsOf(answers)).toEqual(['a', 'bcd', 'bcd', 'e']);
});

it('what is wrong with one is their own, and the next round goes on', async () => {
  const { rounds, ask, next } = watched((items) => (items.includes('bad') ? new Error('wrong') : null));
  const answers = [ask(['a']), ask(['b']), ask(['bad']), ask(['c'])];
  await next();
  answers.push(ask(['d']));
  for (let i = 0; i < 5; i++) await next();
  expect(rounds).toEqual(['a', 'bbadc', 'b', 'bad', 'c', 'd']);
  expect(await endsOf(answers)).toEqual(['a', 'b', 'wrong', 'c', 'd']);
});

it('while PostgreSQL does not answer all fail with that, after one try', async () => {
  const { rounds, ask, next } = watched(() => new AppError('store.unavailable', 'away'));
  const answers = [ask(['a']), ask(['b']), ask(['c'])];
  await next();
  await next();
  expect(rounds).toEqual(['a', 'bc']);
  expect(await endsOf(answers)).toEqual(['away', 'away', 'away']);
});

it('a round is part of what asked for it first, and not of what asked for the one before', async () => {
  const under = new AsyncLocalStorage<string>();
  const inRound = inRounds<string, string | undefined>(async () => {
    await turn();
    return under.getStore();
  });
  const asked = ['one batch', 'another', 'a third'].map((name) => under.run(name, () => inRound([name])));
  expect(await Promise.all(asked)).toEqual(['one batch', 'another', 'another']);
});

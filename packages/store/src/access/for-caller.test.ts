import { describe, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { type Entry, forCaller, type KeyCaller } from './authenticate.ts';

const sender: KeyCaller = { actor: 'key:1', name: 'one', scopes: ['send'] };
const good = async () => sender;
const revoked = async () => Promise.reject(new AppError('request.unauthenticated', 'revoked'));
const reader = async (): Promise<KeyCaller> => ({ ...sender, scopes: ['read'] });
const outcomeOf = (entry: Entry, work: () => Promise<string>) =>
  forCaller(entry, 'send', work).then(
    ([{ actor }, result]) => `${actor} ${result}`,
    (error: AppError) => error.code,
  );

describe.each([true, false])('let in before: %s', (isKnown) => {
  it.each<[what: string, caller: () => Promise<KeyCaller>, works: string, fails: string]>([
    ['a good key gets what became of the work', good, 'key:1 done', 'request.invalid'],
    ['one that is no good outranks it', revoked, 'request.unauthenticated', 'request.unauthenticated'],
    ['and so does one without the scope', reader, 'request.forbidden', 'request.forbidden'],
  ])('%s', async (_what, caller, works, fails) => {
    expect(await outcomeOf({ isKnown, caller: caller() }, async () => 'done')).toBe(works);
    expect(await outcomeOf({ isKnown, caller: caller() }, async () => Promise.reject(new AppError('request.invalid', '')))).toBe(fails);
  });
});

it('nothing is done for a stranger before the key is looked at, and all is for whoever was let in before', async () => {
  const { promise, resolve } = Promise.withResolvers<KeyCaller>();
  const done: string[] = [];
  const begin = (name: string, isKnown: boolean) => forCaller({ isKnown, caller: promise }, 'send', async () => done.push(name));
  const both = [begin('stranger', false), begin('known', true)];
  await new Promise(setImmediate);
  expect(done).toEqual(['known']);
  resolve(sender);
  await Promise.all(both);
  expect(done).toEqual(['known', 'stranger']);
});

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

describe.each<[string, Entry['lastScopes']]>([
  ['for this', ['send']],
  ['for all', ['admin']],
  ['for something else', ['read']],
  ['never', null],
])('let in before: %s', (_for, lastScopes) => {
  it.each<[what: string, caller: () => Promise<KeyCaller>, works: string, fails: string]>([
    ['a good key gets what became of the work', good, 'key:1 done', 'request.invalid'],
    ['one that is no good outranks it', revoked, 'request.unauthenticated', 'request.unauthenticated'],
    ['and so does one without the scope', reader, 'request.forbidden', 'request.forbidden'],
  ])('%s', async (_what, caller, works, fails) => {
    expect(await outcomeOf({ lastScopes, caller: caller() }, async () => 'done')).toBe(works);
    expect(await outcomeOf({ lastScopes, caller: caller() }, async () => Promise.reject(new AppError('request.invalid', '')))).toBe(fails);
  });
});

it('nothing is done before the key is looked at for a stranger or for who might do something else, and all is for whoever was let in for it before', async () => {
  const { promise, resolve } = Promise.withResolvers<KeyCaller>();
  const done: string[] = [];
  const begin = (name: string, lastScopes: Entry['lastScopes']) =>
    forCaller({ lastScopes, caller: promise }, 'send', async () => done.push(name));
  const all = [begin('stranger', null), begin('reader', ['read']), begin('sender', ['send'])];
  await new Promise(setImmediate);
  expect(done).toEqual(['sender']);
  resolve(sender);
  await Promise.all(all);
  expect(done).toEqual(['sender', 'stranger', 'reader']);
});

it('nothing is done at all for a key that may do something else', async () => {
  const done: string[] = [];
  const asked = forCaller({ lastScopes: ['read'], caller: reader() }, 'send', async () => done.push('looked'));
  await expect(asked).rejects.toMatchObject({ code: 'request.forbidden' });
  expect(done).toEqual([]);
});

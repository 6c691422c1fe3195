import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Sealer, sealerOf } from './seal.ts';

const [OLD, NEW] = ['an old key of the tests 0123', 'a new key of the tests 4567'];
const old = sealerOf([OLD]) as Sealer;
const fresh = sealerOf([NEW]) as Sealer;
const both = sealerOf([NEW, OLD]) as Sealer;

it('whatever is sealed opens as it was, says which key did it, and is not to be read meanwhile', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 8 }), fc.string(), (text, context) => {
      const sealed = old.seal(text, context);
      expect(old.open(sealed, context)).toEqual({ text, by: 0 });
      expect(both.open(sealed, context)).toEqual({ text, by: 1 });
      expect(both.open(both.seal(text, context), context)).toEqual({ text, by: 0 });
      expect(sealed.includes(Buffer.from(text))).toBe(false);
    }),
  ));

it('opens for nobody else, by no other key, and not once a bit of it is another', () => {
  const sealed = old.seal('a token', 'number:1');
  expect(old.open(sealed, 'number:2')).toBeNull();
  expect(fresh.open(sealed, 'number:1')).toBeNull();
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] as number) ^ 1;
    expect([at, old.open(changed, 'number:1')]).toEqual([at, null]);
    expect([at, old.open(sealed.subarray(0, at), 'number:1')]).toEqual([at, null]);
  }
});

it('the same is never sealed the same twice', () => expect(old.seal('a token', 'x').equals(old.seal('a token', 'x'))).toBe(false));
it('without a key there is no sealer', () => expect([sealerOf(), sealerOf([])]).toEqual([null, null]));

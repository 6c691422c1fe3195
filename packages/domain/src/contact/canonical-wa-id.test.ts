import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalWaId } from './canonical-wa-id.ts';

describe('one number has one spelling', () => {
  it.each([
    ['Brazil: a mobile with its ninth digit stays', '5531987654321', '5531987654321'],
    ['Brazil: an old mobile wa_id gets the ninth digit', '553187654321', '5531987654321'],
    ['Brazil: as the platform answered +5511955500101', '551155500101', '5511955500101'],
    ['Brazil: eight digits that no subscriber has stay', '551105500101', '551105500101'],
    ['Brazil: an area that there is not stays', '550187654321', '550187654321'],
    ['Brazil: too short, too long: as it is', '55318765432', '55318765432'],
    ['Mexico: the mobile 1 goes', '5215512345678', '525512345678'],
    ['Mexico: without it already', '525512345678', '525512345678'],
    ['Argentina: a mobile without its 9 gets it', '541123456789', '5491123456789'],
    ['Argentina: with it already', '5491123456789', '5491123456789'],
    ['Argentina: a 9 with a digit missing stays', '549112345678', '549112345678'],
    ['another country is left alone', '4915112345678', '4915112345678'],
    ['a US number that begins like none of these', '12025550199', '12025550199'],
    ['nothing at all', '', ''],
    ['not digits', 'abc', 'abc'],
  ])('%s', (_guarantee, spelled, canonical) => expect(canonicalWaId(spelled)).toBe(canonical));

  const digits = fc.stringMatching(/^(55|52|521|54|549)?\d{0,13}$/);
  it('the spelling of a spelling is that spelling', () =>
    fc.assert(fc.property(digits, (some) => expect(canonicalWaId(canonicalWaId(some))).toBe(canonicalWaId(some)))));

  const rest = fc.stringMatching(/^[2-8]\d{9}$/);
  it('numbers that differ in their last eight digits never become one', () =>
    fc.assert(
      fc.property(fc.constantFrom('55', '52', '521', '54', '549'), rest, rest, (country, one, other) => {
        fc.pre(one.slice(2) !== other.slice(2));
        expect(canonicalWaId(country + one)).not.toBe(canonicalWaId(country + other));
      }),
    ));
});

import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digitsOf, SpelledNumber } from './spelled-number.ts';

it.each([
  ['as the platform has it', '966501234567'],
  ['with a plus', '+966501234567'],
  ['in groups', '+966 50 123 4567'],
  ['with no-break spaces, brackets, dots and dashes of any kind', '+966\u00a0(50)\u202f123.45–67'],
  ['with 00', '00966501234567'],
  ['in Arabic-Indic digits', '٩٦٦٥٠١٢٣٤٥٦٧'],
  ['in Arabic-Indic digits, with 00 and spaces', '٠٠٩٦٦ ٥٠ ١٢٣ ٤٥٦٧'],
  ['in Persian digits', '+۹۶۶۵۰۱۲۳۴۵۶۷'],
  ['in full width', '＋９６６５０１２３４５６７'],
  ['copied from right-to-left text', '\u2066+966 50 123 4567\u2069\u200f'],
])('a number %s', (_how, spelled) => expect(SpelledNumber.parse(spelled)).toBe('966501234567'));

it.each(['', '12', '+', '1'.repeat(21), 'Ada', '+966-5O-1234567', '9665012345+67', '\u0967'.repeat(21)])('%j is none', (spelled) =>
  expect(SpelledNumber.safeParse(spelled).success).toBe(false),
);

it('a wa_id is its own spelling, and form judges none', () =>
  fc.assert(fc.property(fc.stringMatching(/^[1-9]\d{2,19}$/), (waId) => expect(SpelledNumber.parse(waId)).toBe(waId))));
it('digits of any script count as what they are', () =>
  fc.assert(
    fc.property(fc.stringMatching(/^[1-9]\d{2,19}$/), fc.constantFrom(0x660, 0x6f0, 0x966, 0xff10), (waId, zero) =>
      expect(digitsOf([...waId].map((digit) => String.fromCharCode(zero + Number(digit))).join(''))).toBe(waId),
    ),
  ));

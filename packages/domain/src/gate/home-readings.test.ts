import { describe, expect, it } from '@jest/globals';
import { mixedSpelling } from '@keyturn/testkit/spellings';
import fc from 'fast-check';
import { countryCodeOf } from './country-code.ts';
import { GatePolicy, ownCountryCode } from './policy.ts';
import { digitsOf, homeReadings, possibleAtHome, spellingKey } from './send.ts';

describe('a number is also what our own country code makes of it', () => {
  it.each<[how: string, spelled: string, readings: string[]]>([
    ['as it is dialled at home', '50 123 4567', ['966501234567']],
    ['with the zero of home, which may belong to it', '050-123-4567', ['9660501234567', '966501234567']],
    ['in digits of its own script', '٠٥٠١٢٣٤٥٦٧', ['9660501234567', '966501234567']],
    ['in full, but without a sign of it', '966501234567', ['966966501234567']],
    ['with marks of direction around it', '\u202a501234567\u202c', ['966501234567']],
    ['in full by its plus', '+501234567', []],
    ['in full by a plus of full width', '＋501234567', []],
    ['in full by a plus behind a mark', '\u200e+ 501234567', []],
    ['in full by 00', '00501234567', []],
    ['in full by 00, apart', '0 0 501234567', []],
    ['in full by 00 of another script', '٠٠501234567', []],
    ['no number', 'me', []],
    ['longer than any number with it', '1'.repeat(18), []],
  ])('%s', (_how, spelled, readings) => expect(homeReadings(spelled, '966')).toEqual(readings));

  const number = fc.stringMatching(/^[1-9]\d{4,11}$/);
  const inSpelling = number.chain((digits) => mixedSpelling(digits));
  it('in whatever spelling: where a plus or 00 says that it is in full it is nothing else, else it ends as it is written', () =>
    fc.assert(
      fc.property(inSpelling, (spelled) => {
        const isInFull = /^[^\d\p{Nd}]*[+＋]/u.test(spelled) || /^[^\p{Nd}]*[0٠۰०０][^\p{Nd}]*[0٠۰०０]/u.test(spelled);
        expect(homeReadings(spelled, '49')).toEqual(isInFull ? [] : [`49${digitsOf(spelled)}`]);
      }),
    ));
});

describe('a number that is known as it is written may be another with our country code', () => {
  it.each<[how: string, spelled: string, readings: string[]]>([
    ['where that can be one', '33612345678', ['96633612345678']],
    ['but not where it is in full by its plus', '+33612345678', []],
    ['nor where it begins with our code, as the platform names numbers', '966501234567', []],
    ['nor where no number is so long', '4915112345678', []],
  ])('%s', (_how, spelled, readings) => expect(possibleAtHome(spelled, '966')).toEqual(readings));
});

describe('what the platform calls a number is remembered', () => {
  it.each([
    ['of one in full whoever sends', '+966 50 123 4567', '+966501234567'],
    ['of one in full by 00 alike', '00966501234567', '+966501234567'],
    ['of any other for the number of ours that sent', '966501234567', 'P1:966501234567'],
    ['in digits of its own script alike', '٠٥٠١٢٣٤٥٦٧', 'P1:0501234567'],
    ['of nothing that is no number', 'me', null],
  ])('%s', (_which, spelled, key) => expect(spellingKey(spelled, 'P1')).toBe(key));
});

describe('the country code of our own number', () => {
  it.each([
    ['15550783881', '1'],
    ['79161234567', '7'],
    ['201001234567', '20'],
    ['211912345678', '211'],
    ['27821234567', '27'],
    ['351912345678', '351'],
    ['390612345678', '39'],
    ['420601123456', '420'],
    ['4915112345678', '49'],
    ['525512345678', '52'],
    ['5991234567', '599'],
    ['6281234567890', '62'],
    ['67512345678', '675'],
    ['8613800138000', '86'],
    ['85212345678', '852'],
    ['905321234567', '90'],
    ['966501234567', '966'],
    ['971501234567', '971'],
    ['989121234567', '98'],
    ['0501234567', null],
    ['', null],
  ])('of %s is %s', (digits, code) => expect(countryCodeOf(digits)).toBe(code));

  const policy = GatePolicy.parse({ phoneNumbers: { P1: { countryCode: '966' } } });
  it.each([
    ['that of its digits, whatever the policy says', 'P1', '49', '49'],
    ['else what the policy says', 'P1', null, '966'],
    ['else nobody knows it', 'P2', null, null],
    ['nor of a number that is called like what every object has', 'constructor', null, null],
  ])('%s', (_which, phoneNumberId, known, code) => expect(ownCountryCode(policy, phoneNumberId, known)).toBe(code));
  it.each(['+966', '0966', 'SA', '9665', ''])('in a policy is one, and not %j', (countryCode) =>
    expect(GatePolicy.safeParse({ phoneNumbers: { P1: { countryCode } } }).success).toBe(false),
  );
});

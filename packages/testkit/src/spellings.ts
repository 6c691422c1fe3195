import fc from 'fast-check';

/** Where a number of these countries has two spellings, both. */
const twins: readonly (readonly [one: RegExp, other: string])[] = [
  [/^55(\d\d)9(\d{8})$/, '55$1$2'],
  [/^521(\d{10})$/, '52$1'],
  [/^549(\d{10})$/, '54$1'],
];
/** Western, Arabic-Indic, extended Arabic-Indic, Devanagari, full width. */
const zeros = ['0', '٠', '۰', '०', '０'] as const;
const between = fc.constantFrom(...['', '', '', ' ', '-', '.', '(', ')', '\u00a0', '\u2011', '\u2013', '\t', '\u200e', '\u200f', '\u2066']);
const around = fc.constantFrom<[before: string, after: string]>(
  ['', ''],
  ['\u202a', '\u202c'],
  ['\u2066', '\u2069'],
  ['\u200f', ''],
  [' ', '\n'],
  ['\ufeff', ''],
);
const anyPrefix = fc.constantFrom('', '', '+', '00', '＋', '+ ', '\u200e+', '00 ');

/** A number as people, pages and programs write it: with or without the digit that its country lets drop, in the digits of a script, with `+`, `00`, white
 *  space, dashes, brackets and the marks that turn the direction of text. */
export function mixedSpelling(digits: string, prefix: fc.Arbitrary<string> = anyPrefix): fc.Arbitrary<string> {
  const twin = twins.flatMap(([one, other]) => (one.test(digits) ? [digits.replace(one, other)] : []));
  return fc
    .record({ digits: fc.constantFrom(digits, ...twin), zero: fc.constantFrom(...zeros), around, prefix })
    .chain(({ digits: spelled, zero, around: [before, after], prefix: first }) =>
      fc.array(between, { minLength: spelled.length, maxLength: spelled.length }).map((gaps) => {
        const written = Array.from(spelled, (digit, i) => gaps[i] + String.fromCodePoint((zero.codePointAt(0) ?? 0) + Number(digit)));
        const prefixed = first.replaceAll('0', zero) + written.join('');
        return before + prefixed + after;
      }),
    );
}

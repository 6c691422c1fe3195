/** Country codes of one and of two digits; all others have three (E.164). */
const ONE = /^[17]/;
const TWO = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
/** How many digits stand together in a national number, by how many it has. */
const groups: Readonly<Record<number, readonly number[]>> = {
  6: [3, 3],
  7: [3, 4],
  8: [4, 4],
  9: [2, 3, 4],
  10: [3, 3, 4],
  11: [3, 4, 4],
  12: [4, 4, 4],
};

/** A number as one reads it aloud: `+966 50 123 4567`. What has no usual length stays in one piece after its country code. */
export function groupedNumber(digits: string): string {
  const code = ONE.test(digits) ? 1 : TWO.test(digits) ? 2 : 3;
  const national = digits.slice(code);
  const lengths = groups[national.length] ?? [national.length];
  const parts = lengths.map((length, i) => {
    const from = lengths.slice(0, i).reduce((sum, before) => sum + before, 0);
    return national.slice(from, from + length);
  });
  return `+${[digits.slice(0, code), ...parts].join(' ')}`;
}

import { expect, it } from '@jest/globals';
import { groupedNumber } from './grouped-number.ts';

it.each([
  ['966501234567', '+966 50 123 4567'],
  ['12025550199', '+1 202 555 0199'],
  ['201012345678', '+20 101 234 5678'],
  ['8613800138000', '+86 138 0013 8000'],
  ['4930123456', '+49 3012 3456'],
  ['99953331', '+999 53331'],
])('%s is read as %s', (digits, read) => expect(groupedNumber(digits)).toBe(read));
it('loses no digit', () => {
  for (let length = 3; length <= 20; length++) {
    const digits = '966501234567890123456'.slice(0, length);
    expect(groupedNumber(digits).replace(/\D/g, '')).toBe(digits);
  }
});

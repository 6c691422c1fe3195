import { expect, it } from '@jest/globals';
import { numberPrefix } from './number-prefix.ts';

it.each([
  ['966501234567', '96650', 'Saudi Arabia, an operator'],
  ['201012345678', '2010', 'Egypt, an operator'],
  ['491511234567', '4915', 'Germany, mobiles'],
  ['12025550101', '1202', 'North America, an area'],
  ['79161234567', '7916', 'Russia, an area'],
  ['5511987654321', '5511', 'Brazil, an area'],
  ['971501234567', '97150', 'the Emirates, an operator'],
  ['447400123456', '4474', 'the United Kingdom, mobiles'],
  ['6831234', '683', 'Niue, whose numbers are short'],
  ['96612', '9', 'shorter than any: the last four digits are never told'],
  ['966', '', 'nothing but those'],
])('%s begins with %s (%s)', (waId, prefix) => expect(numberPrefix(waId)).toBe(prefix));

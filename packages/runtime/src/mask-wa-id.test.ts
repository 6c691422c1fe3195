import { expect, it } from '@jest/globals';
import { maskWaId } from './mask-wa-id.ts';

it.each([
  ['491701234567', '491*******67'],
  ['5511987654321', '551********21'],
  ['12345', '*****'],
  ['', ''],
])('%s is shown as %s', (waId, masked) => expect(maskWaId(waId)).toBe(masked));

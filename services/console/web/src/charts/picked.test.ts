import { expect, it } from '@jest/globals';
import { pickedOf } from './picked.ts';

const at = (...times: string[]) => times.map((time) => `2026-11-28T${time}:00.000Z`);
const steps = at('10:00', '10:05', '10:10');

it.each<[string, readonly string[], string | null, number]>([
  ['nothing was chosen: the latest that has something to say', steps, null, 1],
  ['the first is no less chosen than any other', steps, steps[0] ?? '', 0],
  ['the same time, once there is a later step', at('10:05', '10:10', '10:15'), steps[1] ?? '', 0],
  ['the earliest, once what was chosen has passed out', at('10:10', '10:15'), steps[0] ?? '', 0],
  ['the longer step that it lies in', at('09:00', '10:00', '11:00'), steps[2] ?? '', 1],
])('%s', (_guarantee, keys, chosen, picked) => expect(pickedOf(keys, chosen, 1)).toBe(picked));

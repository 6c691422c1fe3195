import { expect, it } from '@jest/globals';
import { EndpointUrl } from './settings.ts';

it.each([
  ['https://shop.example/verify', true],
  ['http://10.0.0.1:8080/verify?of=a@b.example', true],
  ['ftp://shop.example/verify', false],
  ['https://user@shop.example/verify', false],
  ['https://user:password@shop.example/verify?a=b', false],
  ['https://shop.example/verify#part', false],
  ['https://shop.example/verify?a=b#part', false],
  ['https://shop.example/', true],
  [`https://shop.example/${'a'.repeat(2000)}`, false],
])('something may be sent to %s: %p', (url, may) => expect(EndpointUrl.safeParse(url).success).toBe(may));

import { expect, it } from '@jest/globals';
import { requiresTls } from './smtp-tls.ts';

it.each([
  ['a server on the Internet has to', 'smtp://u:p@smtp.example.com:587', undefined, true],
  ['one by its address too', 'smtp://u:p@8.8.8.8:587', undefined, true],
  ['and in IPv6', 'smtp://u:p@[2606:4700::1]:587', undefined, true],
  ['one whose name only looks like ours', 'smtp://u:p@local.example.com:587', undefined, true],
  ['one on this machine need not', 'smtp://localhost:1025', undefined, false],
  ['nor in IPv6', 'smtp://[::1]:1025', undefined, false],
  ['nor in a network of our own', 'smtp://10.0.0.5:25', undefined, false],
  ['nor one that our own network names', 'smtp://mail:25', undefined, false],
  ['nor one in the cluster', 'smtp://smtp.mail.svc:25', undefined, false],
  ['nor where that is said', 'smtp://u:p@smtp.example.com:587', 'offered', false],
  ['one of our own has to where that is said', 'smtp://mail:25', 'required', true],
] as const)('%s', (_which, url, said, required) => expect(requiresTls(url, said)).toBe(required));

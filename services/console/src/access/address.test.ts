import type { Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { addressOf } from './address.ts';

const from = (remoteAddress: string, forwarded?: string) => ({ get: () => forwarded, socket: { remoteAddress } as Socket }) as never;

it.each([
  ['without a proxy the connection counts, whatever is said', from('192.0.2.1', '203.0.113.9'), 0, '192.0.2.1'],
  ['with one, what it saw', from('10.0.0.1', '203.0.113.9, 192.0.2.1'), 1, '192.0.2.1'],
  ['with two, what the first saw', from('10.0.0.1', '203.0.113.9, 192.0.2.1, 10.0.0.2'), 2, '192.0.2.1'],
  ['with one that says nothing, the connection', from('10.0.0.1'), 1, '10.0.0.1'],
  ['IPv4 as IPv6 has it', from('::ffff:192.0.2.1'), 0, '192.0.2.1'],
  ['in capitals, too', from('::FFFF:192.0.2.1'), 0, '192.0.2.1'],
  ['of IPv6 the network', from('2001:db8:0001:2:3:4:5:6'), 0, '2001:db8:1:2'],
  ['of IPv6 in short too', from('2001:DB8::1'), 0, '2001:db8:0:0'],
  ['one whose proxy adds the port, which is no part of it', from('10.0.0.1', '203.0.113.7:49152'), 1, '203.0.113.7'],
  ['of IPv6 with a port the network', from('10.0.0.1', '[2001:db8::1]:49152'), 1, '2001:db8:0:0'],
  ['of IPv6 in brackets too', from('10.0.0.1', '[2001:db8::1]'), 1, '2001:db8:0:0'],
  ['this machine', from('::1'), 0, '0:0:0:0'],
])('%s', (_what, req, proxies, address) => expect(addressOf(req, proxies)).toBe(address));

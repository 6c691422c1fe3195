import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort } from './ports.ts';

const lowestOfOutgoing = () =>
  process.platform === 'linux' ? Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10) : 49_152;

describe('a free port', () => {
  it('is none that this machine gives to outgoing connections, which could take it before it is listened on', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    expect(Math.max(...ports)).toBeLessThan(lowestOfOutgoing());
  });

  it('is the preferred one, unless that is in use or none at all', async () => {
    const preferred = await freePort();
    expect(await freePort(preferred)).toBe(preferred);
    const server = createServer().listen(preferred, '127.0.0.1');
    await once(server, 'listening');
    expect(await freePort(preferred)).not.toBe(preferred);
    server.close();
    expect(await freePort(65_536)).toBeLessThan(65_536);
  });
});

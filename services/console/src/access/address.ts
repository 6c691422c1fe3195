import { isIPv6 } from 'node:net';
import type { Request } from 'express';

/** Some proxies add the port, which is another with each connection: `203.0.113.7:49152`, `[2001:db8::1]:49152`. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d+)?$/;

/** Where a request comes from, as the proxies before us saw it, each of which is ours; of IPv6 the network, which is one household's or one server's. */
export function addressOf(req: Pick<Request, 'get' | 'socket'>, proxies: number): string {
  const seen = [...(req.get('x-forwarded-for') ?? '').split(',').map((one) => one.trim()), req.socket.remoteAddress ?? ''];
  const address = (seen.at(-1 - proxies) || (seen.at(-1) ?? '')).replace(WITH_PORT, '$1$2').replace(/^::ffff:/i, '');
  return isIPv6(address) ? networkOf(address) : address;
}

/** The first 64 bits. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail ? tail.split(':') : [])];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

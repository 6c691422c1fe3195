import { BlockList, isIP } from 'node:net';

const subnets = (family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
};

/** Every IPv4 range that is not for everybody (https://www.iana.org/assignments/iana-ipv4-special-registry, read 2026-11), multicast and reserved. */
const special4 = subnets('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
]);
/** Of IPv6 only this is for everybody … */
const global6 = subnets('ipv6', ['2000::/3']);
/** … but for what leads into other networks (Teredo, 6to4), to benchmarks and examples
 *  (https://www.iana.org/assignments/iana-ipv6-special-registry, read 2026-11). */
const special6 = subnets('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']);

/** Whether an address is one that anybody on the Internet may have: not of this machine, of its networks, nor of a cloud's own services. What is no
 *  address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special4.check(address, 'ipv4');
  return family === 6 && !address.includes('%') && global6.check(address, 'ipv6') && !special6.check(address, 'ipv6');
}

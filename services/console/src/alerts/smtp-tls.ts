import { isIP } from 'node:net';
import { isPublicAddress } from '@keyturn/runtime';

/** Names that nobody outside a network of one's own can have: without a dot, or under a domain that is no one's. */
const OWN = /^[^.]+$|\.(localhost|local|internal|lan|home\.arpa|svc|test)$/;

/** Whether a mail server has to take TLS, so that neither its password nor a mail can be read on the way: unless something else is said, one that may be outside of a network of
 *  one's own has to. Told by its name alone: what a name leads to, somebody on the way could say. */
export function requiresTls(smtpUrl: string, said: 'required' | 'offered' | undefined): boolean {
  if (said !== undefined) return said === 'required';
  const host = new URL(smtpUrl).hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return isIP(host) === 0 ? !OWN.test(host) : isPublicAddress(host);
}

import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linksIn } from './links-in.ts';

const links = (line: string) => linksIn(line).flatMap(({ href }) => href ?? []);

it.each([
  ['an address alone', 'https://wiki.bank.example/verify', ['https://wiki.bank.example/verify']],
  ['one in a sentence, without its full stop', 'See https://wiki.bank.example/a. Then call.', ['https://wiki.bank.example/a']],
  ['one in brackets', '(http://wiki.internal/a?b=1#c)', ['http://wiki.internal/a?b=1#c']],
  ['two in Arabic', 'انظر https://a.example/1، ثم https://b.example/2', ['https://a.example/1', 'https://b.example/2']],
  ['a script', 'javascript:alert(1)', []],
  ['a script that ends like an address', 'javascript:alert(1)//https://a.example/', ['https://a.example/']],
  ['data', 'data:text/html,<script>alert(1)</script>', []],
  ['another scheme', 'file:///etc/passwd vbscript:x ftp://a.example', []],
  ['a place that is another than it reads as', 'https://bank.example@evil.example/', []],
  ['the same with a password', 'https://bank.example:443@evil.example/', []],
  ['no address at all', 'https:// and http://[', []],
  ['an address turned round', 'https://a.example/\u202egpj.exe', ['https://a.example/']],
])('%s', (_what, line, hrefs) => expect(links(line)).toEqual(hrefs));

it('nothing of a line is lost, and whatever is a link leads into the web', () =>
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('javascript:', 'https://', '"><b ', '@', ' '))), (parts) => {
      const line = parts.join('');
      const pieces = linksIn(line);
      expect(pieces.map(({ text }) => text).join('')).toBe(line);
      for (const { href } of pieces) expect(href ?? 'https://').toMatch(/^https?:\/\//);
    }),
  ));

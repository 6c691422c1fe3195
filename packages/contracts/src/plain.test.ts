import { expect, it } from '@jest/globals';
import { MemberRequest } from './access.ts';
import { ApiKeyRequest } from './http.ts';
import { RunbookRule } from './runbook.ts';

const kinds: readonly (readonly [string, (name: string) => { data?: { name: string } }])[] = [
  ['a member', (name) => MemberRequest.safeParse({ name, email: 'a@example.org', role: 'viewer' })],
  ['a key', (name) => ApiKeyRequest.safeParse({ name, scopes: ['read'] })],
  ['a text of the runbook', (name) => RunbookRule.safeParse({ name, when: {}, text: 'Call them.' })],
];

it.each(
  kinds.flatMap(([whose, parse]) =>
    [
      ['a name in Arabic', 'سارة العتيبي', 'سارة العتيبي'],
      ['joiners within a word', 'می\u200cخواهم 👩\u200d💻', 'می\u200cخواهم 👩\u200d💻'],
      ['direction characters', '\u202eadmin\u202c\u2067 x\u200f', 'admin x'],
      ['control characters', 'Ada\r\nBcc: x\u0007', 'AdaBcc: x'],
      ['blanks', ' \u00a0 ', undefined],
      ['nothing to see', '\u200b\u200d\u3164\u2800\u{e0041}', undefined],
      ['only what is taken out', '\u202e\u2066', undefined],
    ].map(([what, said, kept]) => [whose, what, parse, String(said), kept] as const),
  ),
)('what %s is called can be seen and turns nothing around it: %s', (_whose, _what, parse, said, kept) =>
  expect(parse(said).data?.name).toBe(kept),
);

/** What must be in no log and in no output of a test run, with one that would be. */
export const forbidden: readonly { readonly what: string; readonly pattern: RegExp; readonly example: string }[] = [
  {
    what: 'a phone number of the tests',
    pattern: /(?<![0-9A-Za-z-])(4915\d{7,11}|1202555\d{4}|55(11|31)\d{8,9}|999\d{9,11}|9665\d{8})(?![0-9A-Za-z])/,
    example: '{"as":"w:4915200001234"}',
  },
  {
    what: 'a business-scoped user id',
    pattern: /(?<![0-9A-Za-z])[A-Z]{2}\.(ENT\.)?\d{4,}(?![0-9A-Za-z])/,
    example: 'US.40010000000000000101',
  },
  { what: 'a message id, which holds the number', pattern: /wamid\.\w/, example: 'wamid.ZngtYWUx' },
  { what: 'what somebody wrote, or their name', pattern: /nobody else may read this|on Sundays\?|\b\w+ Fixture\b/, example: 'Ada Fixture' },
  { what: 'a link to somebody’s picture or voice', pattern: /media\.example\.test/, example: 'https://media.example.test/whatsapp/voice' },
  { what: 'a key hash of a fixture', pattern: /Zml4dHVyZT/, example: 'Zml4dHVyZTI=' },
  { what: 'an API key', pattern: /kt_[0-9a-f]{16}_[\w-]{43}/, example: `kt_${'0f'.repeat(8)}_${'a'.repeat(43)}` },
  { what: 'an access token of the platform', pattern: /\bEAA[0-9A-Za-z]{12,}/, example: 'EAAGkeyturnLocalGraphTokenZB1' },
  { what: 'a signature', pattern: /sha256=[0-9a-f]{64}/, example: `sha256=${'0f'.repeat(32)}` },
  { what: 'an authorization header', pattern: /Bearer \S{12,}/, example: 'Bearer 0123456789abcdef' },
  {
    what: 'a password in a URL',
    pattern: /postgres(ql)?:\/\/[^:@\s"]+:[^@\s"]+@/,
    example: 'postgres://keyturn:hunter2@localhost/keyturn',
  },
  { what: 'a private key', pattern: /BEGIN ([A-Z]+ )?PRIVATE KEY/, example: '-----BEGIN PRIVATE KEY-----' },
  {
    what: 'a secret of the tests',
    pattern: /\ban?-[a-z-]*(secret|key|token)[a-z-]*-(of|for)-[a-z-]+/,
    example: 'an-admin-key-of-the-tests',
  },
];

/** A line that holds what it must not, and what that is. `excerpt` has it blotted out. */
export type Leak = { readonly line: number; readonly what: string; readonly excerpt: string };

/** What is in a text and must not be. `made`: secrets that a run made up. */
export function leaksIn(text: string, made: readonly string[] = []): Leak[] {
  const kinds = [...forbidden, ...made.map((secret) => ({ what: 'a secret that was made up', pattern: literally(secret) }))];
  const blotted = (part: string) => kinds.reduce((rest, { pattern }) => rest.replaceAll(new RegExp(pattern, 'g'), '█'), part);
  return text.split('\n').flatMap((content, i) =>
    kinds.flatMap(({ what, pattern }) => {
      const found = pattern.exec(content);
      if (found === null) return [];
      const [before, after] = [content.slice(0, found.index), content.slice(found.index + found[0].length)];
      return [{ line: i + 1, what, excerpt: `${blotted(before).slice(-80)}█${blotted(after).slice(0, 80)}` }];
    }),
  );
}

const literally = (text: string): RegExp => new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));

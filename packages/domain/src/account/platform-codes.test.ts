import { describe, expect, it } from '@jest/globals';
import { meaningOf, platformCodes } from './platform-codes.ts';

describe.each(['en', 'ar'] as const)('in %s', (language) => {
  const codes = platformCodes[language];
  const meaning = (code: string) => meaningOf(codes, code);

  it('no code stands for itself, and in Arabic none is in English', () => {
    for (const said of Object.values(codes)) expect(said).not.toMatch(/_|^[A-Z]{2,}$/);
    if (language === 'ar') expect(Object.values(codes).join(' ')).not.toMatch(/[A-Za-z]/);
  });

  it.each(['FLAGGED', 'approved', 'RESTRICTED_BIZ_INITIATED_MESSAGING', 'USER_RE_REGISTERED'])('%s has words', (code) =>
    expect(meaning(code)).not.toBeNull(),
  );

  it.each(['SOMETHING_NEW', '', 'toString', '__proto__', 'constructor', '131026'])('%p is not known', (code) =>
    expect(meaning(code)).toBeNull(),
  );
});

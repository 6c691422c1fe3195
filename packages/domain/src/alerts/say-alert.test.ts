import { describe, expect, it } from '@jest/globals';
import { AlertLanguage } from '@keyturn/contracts';
import { platformCodes } from '../account/platform-codes.ts';
import { factsOf } from './facts.ts';
import { alertWords, sayAlert } from './say-alert.ts';

describe.each(AlertLanguage.options)('in %s', (language) => {
  it('each label is in words of its own, none in those of our code', () => {
    const labels = Object.values(alertWords[language].labels);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.filter((label) => /\p{Ll}\p{Lu}|_/u.test(label))).toEqual([]);
  });

  it('of a silence is said since when, how much is usual in that time, and what to check first', () => {
    const facts = factsOf('no_webhooks', { count: 1_240, since: '2026-03-01T03:15:00.000Z' });
    const message = { message: 'opened', alertId: null, rule: 'r', severity: 'critical', at: '2026-03-01T04:00:00.000Z', facts } as const;
    const { title, lines } = sayAlert({ ...message, by: null, untakenMinutes: null }, language, false);
    expect(title).toMatch(/2026-03-01 03:15 UTC.*1,240/);
    expect(lines).toContainEqual([{ en: 'Check first', ar: 'تحقّق أولًا من' }[language], expect.stringContaining('keyturn doctor')]);
  });

  it.each([
    ['by name', 'Huda', 'Huda'],
    ['by what the record has, where it has no name', undefined, 'key:bootstrap'],
  ])('who took it stands in the title: %s', (_how, byName, said) => {
    const message = { message: 'taken', alertId: null, rule: 'r', severity: 'error', at: '2026-03-01T00:00:00.000Z' } as const;
    const title = sayAlert(
      {
        ...message,
        facts: factsOf('consumer_late', {}),
        by: 'key:bootstrap',
        ...(byName === undefined ? {} : { byName }),
        untakenMinutes: null,
      },
      language,
      false,
    ).title;
    expect(title).toMatch(new RegExp(`^\\P{L}*\\p{L}.*${said}.*:`, 'u'));
    expect(title.includes('key:')).toBe(byName === undefined);
  });

  it('what was said of a cause stands under its label', () => {
    const facts = factsOf('route_failing', { subject: 'slack', detail: '404 no_service' });
    const message = { message: 'opened', alertId: null, rule: 'r', severity: 'error', at: '2026-03-01T00:00:00.000Z', facts } as const;
    expect(sayAlert({ ...message, by: null, untakenMinutes: null }, language, false).lines).toContainEqual([
      { en: 'Details', ar: 'التفاصيل' }[language],
      { en: '404 no_service', ar: '\u2068404 no_service\u2069' }[language],
    ]);
  });

  it.each([
    ['a restriction', 'number_restricted', 'RESTRICTED_BIZ_INITIATED_MESSAGING', { en: 'May not', ar: 'غير مسموح به' }],
    ['a ban', 'number_restricted', 'DISABLE', { en: 'Details', ar: 'التفاصيل' }],
    ['why a number is gone', 'number_lost', 'PRIMARY_INACTIVITY', { en: 'Details', ar: 'التفاصيل' }],
  ] as const)('a code of the platform is said in words, with the code: %s', (_of, what, code, label) => {
    const facts = factsOf(what, { subject: '100000000000001', detail: code });
    const message = { message: 'opened', alertId: null, rule: 'r', severity: 'error', at: '2026-03-01T00:00:00.000Z', facts } as const;
    const { lines } = sayAlert({ ...message, by: null, untakenMinutes: null }, language, false);
    const said = lines.find(([name]) => name === label[language])?.[1] ?? '';
    expect(said.replaceAll(/[\u2068\u2069]/g, '')).toBe(`${platformCodes[language][code]} (${code})`);
  });

  it('what a route answered is no code of the platform', () => {
    const facts = factsOf('route_failing', { subject: 'slack', detail: 'DISABLED' });
    const message = { message: 'opened', alertId: null, rule: 'r', severity: 'error', at: '2026-03-01T00:00:00.000Z', facts } as const;
    const { lines } = sayAlert({ ...message, by: null, untakenMinutes: null }, language, false);
    expect(lines.map(([, text]) => text.replaceAll(/[\u2068\u2069]/g, ''))).toContain('DISABLED');
  });

  it.each([
    ['one change is decided on', 'opened', 1, 'one'],
    ['many are looked through', 'updated', 3, 'many'],
    ['what is over is looked at', 'resolved', 1, 'other'],
    ['where nothing waits, there is nothing to see', 'digest', 0, 'other'],
  ] as const)('%s', (_guarantee, kind, count, action) => {
    const facts = factsOf('identity_changes', { count });
    const message = { message: kind, alertId: null, rule: 'r', severity: 'error', at: '2026-03-01T00:00:00.000Z', facts } as const;
    expect(sayAlert({ ...message, by: null, untakenMinutes: null }, language, false).action).toBe(alertWords[language].action[action]);
  });
});

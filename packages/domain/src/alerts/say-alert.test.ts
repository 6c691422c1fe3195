import { describe, expect, it } from '@jest/globals';
import { AlertLanguage } from '@keyturn/contracts';
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
});

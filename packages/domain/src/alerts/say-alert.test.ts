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

  it('what was said of a cause stands under its label', () => {
    const facts = factsOf('route_failing', { subject: 'slack', detail: '404 no_service' });
    const message = { message: 'opened', alertId: null, rule: 'r', severity: 'error', at: '2026-03-01T00:00:00.000Z', facts } as const;
    expect(sayAlert({ ...message, by: null, untakenMinutes: null }, language, false).lines).toContainEqual([
      { en: 'Details', ar: 'التفاصيل' }[language],
      '404 no_service',
    ]);
  });
});

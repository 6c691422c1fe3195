import { describe, expect, it } from '@jest/globals';
import { type AlertFacts, AlertLanguage, plain } from '@keyturn/contracts';
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

  it.each([
    ['by name and number', { number: '966112345678', name: 'Riyadh Sales' }, 'Riyadh Sales (+966 11 234 5678)'],
    ['by name', { number: null, name: 'Riyadh Sales' }, 'Riyadh Sales'],
    ['by number', { number: '966112345678', name: null }, '+966 11 234 5678'],
    ['by id, where no more is known', { number: null, name: null }, '100000000000001'],
  ])('our number stands in the title as people call it, and everywhere else with its id: %s', (_how, known, called) => {
    const ourNumbers = [{ id: '100000000000001', ...known }];
    const of = (facts: AlertFacts) => {
      const message = { message: 'opened', alertId: null, rule: 'r', severity: 'error', at: '2026-03-01T00:00:00.000Z', facts } as const;
      const { title, lines } = sayAlert({ ...message, by: null, untakenMinutes: null }, language, false);
      return { title: plain(title), lines: lines.map(([label, text]) => [label, plain(text)]) };
    };
    for (const what of ['number_flagged', 'number_restricted', 'number_lost', 'check_off', 'check_falling', 'ungated_sends'] as const) {
      const { title, lines } = of(factsOf(what, { subject: '100000000000001', count: 3, ourNumbers }));
      expect(title).toContain(called);
      expect(title.includes('100000000000001')).toBe(called === '100000000000001');
      expect(lines).toContainEqual([alertWords[language].labels.subject, expect.stringContaining('100000000000001')]);
    }
    const phoneNumberIds = [{ value: '100000000000001', count: 2 }];
    const { lines } = of(factsOf('identity_changes', { count: 2, phoneNumberIds, ourNumbers }));
    expect(lines).toContainEqual([alertWords[language].labels.numbers, called]);
  });

  it('a name turns nothing around it, in whichever direction it reads', () => {
    const facts = factsOf('identity_changes', { count: 3 });
    const message = { message: 'taken', alertId: null, rule: 'r', severity: 'error', at: '2026-03-01T00:00:00.000Z', facts } as const;
    const { title } = sayAlert({ ...message, by: 'key:x', byName: '\u202eسارة\u2069', untakenMinutes: null }, language, false);
    expect(title).toContain('\u2068سارة\u2069:');
    expect(title).not.toContain('\u202e');
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

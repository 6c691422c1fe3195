import { describe, expect, it } from '@jest/globals';
import { AlertLanguage, type AlertMessage } from '@keyturn/contracts';
import { factsOf, sayAlert } from '@keyturn/domain';
import { mailBody } from './mail.ts';
import { linkOf } from './told.ts';

const URL_ = 'https://console.example';
const OURS = '100000000000001';
const at = '2026-03-01T04:05:00.000Z';
const example = (last: number) => ({
  ...{ contactId: `01900000-0000-7000-8000-0000000000${last}`, number: `491********${last}`, since: at, signals: ['hash' as const] },
});
const about = { alertId: null, rule: 'strangers', severity: 'critical', at, by: null, untakenMinutes: null } as const;
const changes = (count: number) =>
  factsOf('identity_changes', {
    ...{ count, since: at, optedIn: 1, examples: [example(10), example(20)].slice(0, count), signals: [{ value: 'hash', count }] },
    ...{ phoneNumberIds: [{ value: OURS, count }], ranges: count < 10 ? [] : [{ value: '49152', count }] },
  });
const messages: Record<string, AlertMessage> = {
  'one change': { ...about, message: 'opened', facts: changes(1) },
  'a storm': { ...about, message: 'opened', facts: changes(50_000) },
  'one that is taken': { ...about, message: 'taken', by: 'member:x', facts: changes(1) },
  'a digest': { ...about, message: 'digest', facts: changes(2) },
  'a number of ours': {
    ...{ ...about, message: 'opened' },
    facts: factsOf('number_restricted', { subject: OURS, name: 'Bank & <Söhne>', detail: 'RESTRICTED_BIZ_INITIATED_MESSAGING', since: at }),
  },
};
const mails = AlertLanguage.options.flatMap((language) =>
  Object.entries(messages).map(([name, message]) => {
    const told = {
      ...{ message, language, alertId: null, deliveryId: 'd', route: 'mail', attempt: 1, repeat: false },
      ...{ said: sayAlert(message, language, false), url: linkOf(URL_, message) },
    };
    return [name, language, mailBody(told, URL_)] as const;
  }),
);
const hrefs = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
/** What an inbox shows of a mail beside its subject. */
const preview = (html: string) => /<div style="display:none[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? '';

describe.each(mails)('%s, in %s', (_name, language, { subject, text, html }) => {
  it('is read in the direction of its language, whatever of it a mail program keeps', () => {
    const [dir, align] = language === 'ar' ? ['rtl', 'right'] : ['ltr', 'left'];
    expect(html).toContain(`<html lang="${language}" dir="${dir}">`);
    for (const element of ['<body[^>]*', '<div']) expect(html).toMatch(new RegExp(`${element} dir="${dir}"`));
    expect(new Set([...html.matchAll(/text-align:(\w+)/g)].map(([, side]) => side))).toEqual(new Set([align]));
  });

  it('names nobody where others look over a shoulder: not in the subject, in what an inbox shows of it, nor in a link', () => {
    for (const shown of [subject, preview(html), text.split('\n').slice(0, 3).join('\n')])
      expect(shown.replaceAll(OURS, '').replaceAll(/https:\S+/g, '')).not.toMatch(/\*|\d{5}/);
    expect(hrefs(html).length).toBeGreaterThan(0);
    for (const href of hrefs(html)) expect(href).toMatch(/^https:\/\/console\.example\/(queue|alerts|changes\/[0-9a-f-]{36})$/);
  });

  it('takes what others wrote for no markup', () => {
    expect(html).not.toContain('<Söhne>');
  });

  if (language === 'ar')
    it('keeps what is in no language or another in its order: each number, id, name and instant stands apart', () => {
      const bodies = [text.replaceAll(/https:\S+/g, ''), html.slice(html.indexOf('<table')).replaceAll(/<[^>]*>/g, '')];
      for (const body of bodies)
        for (const run of body.replaceAll(/\u2068[^\u2069]*\u2069/g, '').matchAll(/[A-Za-z]{2,}|\d[\d*,:-]*/g)) expect(run[0]).toBe('');
    });
});

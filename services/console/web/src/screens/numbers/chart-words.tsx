import type { ReactNode } from 'react';
import { words } from '../../words/language.tsx';

/** What the charts of our own numbers say. */
export const chartsWords = words({
  en: {
    day: 'Day',
    since: 'Since',
    messages: 'Messages',
    said: (day: string, what: string) => `${day}: ${what}`,
    coverage: 'Messages with a key, by day',
    coverageSum: (without: string, days: string) =>
      without === '0' ? `On each of ${days} days some carried a key.` : `On ${without} of ${days} days none carried a key.`,
    noCoverage: 'Nobody wrote in the last 30 days.',
    share: 'With a key',
    shareOf: (share: string, messages: string) => `${share} of ${messages}`,
    about: 'about ',
    nobody: 'nobody wrote',
    quality: 'Quality, 90 days',
    qualities: { flagged: 'flagged', unflagged: 'not flagged' },
    noQuality: 'The platform has not flagged this number since keyturn knows it.',
    limit: 'Messaging limit, 90 days',
    accountLimit: 'Messaging limit of the account, 90 days',
    noLimit: 'The platform has not said a limit yet. It does when the limit changes.',
    aDay: (people: string) => `${people} people a day`,
    unlimited: 'no limit',
    noTime: 'not said',
    before: 'What was before the line begins is not known.',
    nowIs: (what: ReactNode, since: string | null): ReactNode => (
      <>
        Now: {what}
        {since === null ? '; the platform did not say since when.' : `, since ${since}.`}
      </>
    ),
    picture: (title: string, what: string) => `${title}. Now: ${what}`,
    gated: 'Sends through the gate, by day',
    noneGated: 'Nothing was sent through the gate in the last 30 days.',
    allowed: 'allowed',
    denied: 'denied',
    ungated: 'Messages past the gate, by day',
    noneUngated: 'None went past the gate in the last 30 days, as far as is known: they are counted from the first send through it on.',
    counted: (word: string, count: string) => `${word}: ${count}`,
    and: ', ',
  },
  ar: {
    day: 'اليوم',
    since: 'منذ',
    messages: 'الرسائل',
    said: (day: string, what: string) => `${day}: ${what}`,
    coverage: 'رسائل تحمل مفتاحًا، بالأيام',
    coverageSum: (without: string, days: string) =>
      without === '0' ? `في كل يوم كُتب فيه (${days}) حمل بعض الرسائل مفتاحًا.` : `أيام لم تحمل فيها أي رسالة مفتاحًا: ${without} من ${days}.`,
    noCoverage: 'لم يكتب أحد في آخر 30 يومًا.',
    share: 'تحمل مفتاحًا',
    shareOf: (share: string, messages: string) => `${share} من ${messages}`,
    about: 'نحو ',
    nobody: 'لم يكتب أحد',
    quality: 'تقييم الجودة خلال 90 يومًا',
    qualities: { flagged: 'عليه علامة', unflagged: 'بلا علامة' },
    noQuality: 'لم تضع المنصة علامة على هذا الرقم منذ عُرف هنا.',
    limit: 'حد المراسلة خلال 90 يومًا',
    accountLimit: 'حد المراسلة للحساب خلال 90 يومًا',
    noLimit: 'لم تذكر المنصة حدًّا بعد، وهي تذكره حين يتغيّر.',
    aDay: (people: string) => `${people} شخص يوميًا`,
    unlimited: 'بلا حد',
    noTime: 'لم يُذكر',
    before: 'ما قبل بداية الخط غير معروف.',
    nowIs: (what: ReactNode, since: string | null): ReactNode => (
      <>
        الآن: {what}
        {since === null ? '؛ لم تذكر المنصة منذ متى.' : `، منذ ${since}.`}
      </>
    ),
    picture: (title: string, what: string) => `${title}. الآن: ${what}`,
    gated: 'الإرسال عبر البوابة، بالأيام',
    noneGated: 'لم يُرسل شيء عبر البوابة في آخر 30 يومًا.',
    allowed: 'مسموح',
    denied: 'مرفوض',
    ungated: 'رسائل تجاوزت البوابة، بالأيام',
    noneUngated: 'لم تتجاوز أي رسالة البوابة في آخر 30 يومًا في حدود ما هو معروف: فهي تُحصى ابتداءً من أول إرسال عبرها.',
    counted: (word: string, count: string) => `${word}: ${count}`,
    and: '، ',
  },
});

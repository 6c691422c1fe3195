import type { ReactNode } from 'react';
import { counted, words } from '../../words/language.tsx';

/** What the screen of the line's health says. */
export const healthWords = words({
  en: {
    title: 'Health',
    good: 'The line is well: what comes in is applied and told on.',
    bad: 'Something on the line is not as it should be.',
    steps: 'The line',
    consumers: {
      contact: 'Contacts',
      identity: 'Identity',
      consent: 'Consent',
      account: 'Our numbers',
    },
    behind: (age: ReactNode) => <>Has applied all up to {age}</>,
    never: 'Has read nothing yet',
    logLost: 'Stopped: the log ends before what was applied. See docs/operate.md.',
    outbox: 'Telling others',
    outboxEmpty: 'All is told',
    outboxWaiting: (count: string, since: ReactNode) => (
      <>
        {count} wait, the oldest {since}
      </>
    ),
    open: 'Open changes',
    openCount: (count: number) => counted('en', count, { one: '# waits', other: '# wait' }),
    oldest: (age: ReactNode) => <>the oldest {age}</>,
    letters: 'What could not be applied',
    noLetters: 'Nothing waits: every record was applied.',
    noneLeft: 'Nothing of this waits any more.',
    lettersOf: (count: string, group: ReactNode, age: ReactNode) => (
      <>
        {count} for {group}, the oldest {age}
      </>
    ),
    redrive: 'Read again',
    discard: 'Discard',
    redriveAll: 'Read all of them again',
    discardAll: 'Discard all of them',
    redriveLead: 'The consumer reads them once more. Do this after the cause was mended.',
    discardLead: 'They never apply. This can’t be undone.',
    reason: 'Reason',
    reasonHint: 'What was mended, or why it need not apply.',
    cancel: 'Cancel',
    done: (count: number) => counted('en', count, { one: '# record was decided on.', other: '# records were decided on.' }),
    show: 'Show them',
    asOf: (at: ReactNode) => <>As of {at}</>,
  },
  ar: {
    title: 'حالة النظام',
    good: 'الخط سليم: ما يرد يُطبَّق ويُبلَّغ.',
    bad: 'في الخط ما ليس على ما يرام.',
    steps: 'الخط',
    consumers: {
      contact: 'جهات الاتصال',
      identity: 'الهوية',
      consent: 'الموافقة',
      account: 'أرقامنا',
    },
    behind: (age: ReactNode) => <>طبّق كل ما ورد حتى {age}</>,
    never: 'لم يقرأ شيئًا بعد',
    logLost: 'متوقف: ينتهي السجل قبل ما طُبّق. راجع دليل التشغيل.',
    outbox: 'إبلاغ الأنظمة الأخرى',
    outboxEmpty: 'أُبلغ بكل شيء',
    outboxWaiting: (count: string, since: ReactNode) => (
      <>
        {count} في الانتظار، أقدمها {since}
      </>
    ),
    open: 'تغيّرات معلّقة',
    openCount: (count: number) =>
      counted('ar', count, { zero: 'لا شيء', one: 'واحد ينتظر', two: 'اثنان ينتظران', few: '# تنتظر', many: '# ينتظر', other: '# ينتظر' }),
    oldest: (age: ReactNode) => <>أقدمها {age}</>,
    letters: 'رسائل متعذّرة المعالجة',
    noLetters: 'لا شيء ينتظر: طُبّق كل سجل.',
    noneLeft: 'لم يعد شيء من هذا ينتظر.',
    lettersOf: (count: string, group: ReactNode, age: ReactNode) => (
      <>
        {count} في {group}، أقدمها {age}
      </>
    ),
    redrive: 'أعد قراءتها',
    discard: 'استبعدها',
    redriveAll: 'أعد قراءتها كلها',
    discardAll: 'استبعدها كلها',
    redriveLead: 'تُقرأ مرة أخرى. افعل هذا بعد إصلاح السبب.',
    discardLead: 'لن تُطبَّق أبدًا. لا رجعة في هذا.',
    reason: 'السبب',
    reasonHint: 'ما الذي أُصلح، أو لماذا لا حاجة إلى تطبيقها.',
    cancel: 'إلغاء',
    done: (count: number) =>
      counted('ar', count, {
        zero: 'لم يُقرَّر بشأن شيء.',
        one: 'قُرّر بشأن سجل واحد.',
        two: 'قُرّر بشأن سجلّين.',
        few: 'قُرّر بشأن # سجلات.',
        many: 'قُرّر بشأن # سجلًا.',
        other: 'قُرّر بشأن # سجل.',
      }),
    show: 'اعرضها',
    asOf: (at: ReactNode) => <>حتى {at}</>,
  },
});

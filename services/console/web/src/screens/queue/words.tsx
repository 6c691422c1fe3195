import type { ReactNode } from 'react';
import { counted, words } from '../../words/language.tsx';

const categories = {
  en: { marketing: 'marketing', utility: 'utility', authentication: 'authentication', service: 'service' },
  ar: { marketing: 'تسويق', utility: 'خدمات وإشعارات', authentication: 'مصادقة', service: 'خدمة العملاء' },
};

/** What the queue says. */
export const queueWords = words({
  en: {
    title: 'Identity changes',
    open: (count: number) => counted('en', count, { one: '# waits for a decision', other: '# wait for a decision' }),
    many: 'Over 10,000 wait for a decision',
    filters: 'Narrow down',
    signal: 'What happened',
    number: 'Our number',
    age: 'Waiting for',
    stake: 'At stake',
    awaits: 'Whose turn',
    any: 'Any',
    olderThan: { '15m': 'Over 15 min', '1h': 'Over an hour', '4h': 'Over 4 hours', '1d': 'Over a day', '7d': 'Over a week' },
    turns: { operator: 'Ours', business: 'The business was asked' },
    signals: {
      hash: 'Key changed',
      mismatch: 'Send failed',
      legacy: 'Registered anew',
      number_change: 'Number changed',
      number_lost: 'Number taken over',
      bsuid: 'Ids disagree',
      undecided: 'Not judged',
    },
    other: 'Something else',
    also: (signals: string) => `also: ${signals}`,
    categories: categories.en,
    optedIn: (list: string) => `Opted in: ${list}`,
    nothingAtStake: 'Opted in to nothing',
    asked: 'The business was asked to verify',
    ungated: (count: number) => counted('en', count, { one: '# message went past the gate', other: '# messages went past the gate' }),
    gone: 'Decided meanwhile',
    storm: (count: number, since: ReactNode) => (
      <>
        Storm: {counted('en', count, { one: '# change', other: '# changes' })} since {since}
      </>
    ),
    allBegin: (prefix: ReactNode) => <>all {prefix}</>,
    review: 'Review',
    inStorm: 'One storm is shown.',
    decideAll: 'Decide on all of these …',
    select: 'Select',
    selectAll: 'Select all that are shown',
    byKeys: 'Space, or Shift with ↑ ↓, selects; Enter decides.',
    atHand: 'What is selected',
    selected: (count: number) =>
      count === 0 ? 'Nothing is selected.' : counted('en', count, { one: '# selected.', other: '# selected.' }),
    elsewhere: (count: number) => counted('en', count, { one: '# of them is not in this list.', other: '# of them are not in this list.' }),
    dropped: (count: number) =>
      counted('en', count, {
        one: '# dropped out: decided on or changed meanwhile.',
        other: '# dropped out: decided on or changed meanwhile.',
      }),
    most: 'One decision takes no more.',
    unselect: 'Clear selection',
    decideSelected: 'Decide on these …',
    clear: 'Clear filters',
    none: 'Nobody waits for a decision.',
    lastDecided: (at: ReactNode) => <>Last decision: {at}.</>,
    noneFit: 'Nobody who waits fits this.',
    checkOff: (off: number, all: number) =>
      counted('en', all, {
        one: `The identity check is off on your number, so changes there stay unseen.`,
        other: `The identity check is off on ${off} of # numbers, so changes there stay unseen.`,
      }),
    howToFix: 'Switch it on with keyturn doctor --fix.',
    newest: 'Put in order',
    moved: (count: number) => counted('en', count, { one: '# row was decided meanwhile.', other: '# rows were decided meanwhile.' }),
  },
  ar: {
    title: 'تغيّرات هوية المستخدمين',
    open: (count: number) =>
      counted('ar', count, {
        zero: 'لا أحد ينتظر قرارًا',
        one: 'تغيّر واحد ينتظر قرارًا',
        two: 'تغيّران ينتظران قرارًا',
        few: '# تغيّرات تنتظر قرارًا',
        many: '# تغيّرًا ينتظر قرارًا',
        other: '# تغيّر ينتظر قرارًا',
      }),
    many: 'أكثر من 10,000 تغيّر ينتظر قرارًا',
    filters: 'تضييق القائمة',
    signal: 'ما حدث',
    number: 'رقمنا',
    age: 'مدة الانتظار',
    stake: 'ما هو معرّض للخطر',
    awaits: 'دور مَن',
    any: 'الكل',
    olderThan: {
      '15m': 'أكثر من 15 دقيقة',
      '1h': 'أكثر من ساعة',
      '4h': 'أكثر من 4 ساعات',
      '1d': 'أكثر من يوم',
      '7d': 'أكثر من أسبوع',
    },
    turns: { operator: 'دورنا', business: 'سُئل النشاط التجاري' },
    signals: {
      hash: 'تغيّر المفتاح',
      mismatch: 'تعذّر إرسال',
      legacy: 'حساب مُعاد تسجيله',
      number_change: 'تغيّر الرقم',
      number_lost: 'أخذ الرقمَ غيرُه',
      bsuid: 'تعارض المعرّفات',
      undecided: 'لم يُحكم عليه',
    },
    other: 'أمر آخر',
    also: (signals: string) => `وأيضًا: ${signals}`,
    categories: categories.ar,
    optedIn: (list: string) => `مشترك في: ${list}`,
    nothingAtStake: 'غير مشترك في شيء',
    asked: 'سُئل النشاط التجاري للتحقق',
    ungated: (count: number) =>
      counted('ar', count, {
        one: 'أُرسلت رسالة واحدة خارج البوابة',
        two: 'أُرسلت رسالتان خارج البوابة',
        few: 'أُرسلت # رسائل خارج البوابة',
        many: 'أُرسلت # رسالة خارج البوابة',
        other: 'أُرسلت # رسالة خارج البوابة',
      }),
    gone: 'اتُّخذ القرار في هذه الأثناء',
    storm: (count: number, since: ReactNode) => (
      <>
        موجة: {counted('ar', count, { one: 'تغيّر واحد', two: 'تغيّران', few: '# تغيّرات', many: '# تغيّرًا', other: '# تغيّر' })} منذ {since}
      </>
    ),
    allBegin: (prefix: ReactNode) => <>كلها {prefix}</>,
    review: 'اعرضها',
    inStorm: 'تُعرض موجة واحدة.',
    decideAll: 'قرّر بشأنها كلها …',
    select: 'حدّد',
    selectAll: 'حدّد كل المعروض',
    byKeys: 'مفتاح المسافة، أو ⇧ مع ↑ ↓، للتحديد؛ و⏎ للقرار.',
    atHand: 'ما حُدّد',
    selected: (count: number) =>
      counted('ar', count, {
        zero: 'لم يُحدّد شيء.',
        one: 'حُدّد تغيّر واحد.',
        two: 'حُدّد تغيّران.',
        few: 'حُدّدت # تغيّرات.',
        many: 'حُدّد # تغيّرًا.',
        other: 'حُدّد # تغيّر.',
      }),
    elsewhere: (count: number) =>
      counted('ar', count, {
        one: 'واحد منها ليس في هذه القائمة.',
        two: 'اثنان منها ليسا في هذه القائمة.',
        few: '# منها ليست في هذه القائمة.',
        many: '# منها ليست في هذه القائمة.',
        other: '# منها ليست في هذه القائمة.',
      }),
    dropped: (count: number) =>
      counted('ar', count, {
        one: 'خرج تغيّر واحد من التحديد: اتُّخذ قرار بشأنه أو استجدّ عليه جديد.',
        two: 'خرج تغيّران من التحديد: اتُّخذ قرار بشأنهما أو استجدّ عليهما جديد.',
        few: 'خرجت # تغيّرات من التحديد: اتُّخذ قرار بشأنها أو استجدّ عليها جديد.',
        many: 'خرج # تغيّرًا من التحديد: اتُّخذ قرار بشأنها أو استجدّ عليها جديد.',
        other: 'خرج # تغيّر من التحديد: اتُّخذ قرار بشأنها أو استجدّ عليها جديد.',
      }),
    most: 'لا يسع القرار الواحد أكثر.',
    unselect: 'امسح التحديد',
    decideSelected: 'قرّر بشأنها …',
    clear: 'إزالة التضييق',
    none: 'لا أحد ينتظر قرارًا.',
    lastDecided: (at: ReactNode) => <>آخر قرار: {at}.</>,
    noneFit: 'لا أحد من المنتظرين يطابق هذا.',
    checkOff: (off: number, all: number) =>
      counted('ar', all, {
        one: 'فحص الهوية متوقف على رقمكم، فلا تُرى التغيّرات عليه.',
        other: `فحص الهوية متوقف على ${off} من # من الأرقام، فلا تُرى التغيّرات عليها.`,
      }),
    howToFix: 'شغّله بالأمر keyturn doctor --fix.',
    newest: 'أعد الترتيب',
    moved: (count: number) =>
      counted('ar', count, {
        one: 'اتُّخذ قرار في صف واحد في هذه الأثناء.',
        two: 'اتُّخذ قرار في صفين في هذه الأثناء.',
        few: 'اتُّخذ قرار في # صفوف في هذه الأثناء.',
        many: 'اتُّخذ قرار في # صفًا في هذه الأثناء.',
        other: 'اتُّخذ قرار في # صف في هذه الأثناء.',
      }),
  },
});

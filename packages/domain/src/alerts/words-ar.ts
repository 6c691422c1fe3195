import { type AlertFacts, plain } from '@keyturn/contracts';
import { platformCodes } from '../account/platform-codes.ts';
import { ourNumber } from './our-number.ts';
import type { Words } from './words.ts';

const plural = new Intl.PluralRules('ar');
/** What runs from left to right within Arabic stands apart, or its parts change places. */
const apart = (text: string) => `\u2068${plain(text)}\u2069`;
const separator = '، ';
const digits = (count: number) => apart(count.toLocaleString('en'));
/** The forms that Arabic has for one, two, three to ten, eleven to ninety-nine, and all else. */
type Forms = { readonly one: string; readonly two: string; readonly few: string; readonly many: string; readonly other: string };
function counted(count: number, forms: Forms): string {
  const form = plural.select(count);
  if (form === 'one') return forms.one;
  if (form === 'two') return forms.two;
  return `${digits(count)} ${form === 'few' ? forms.few : form === 'many' ? forms.many : forms.other}`;
}
const seconds: Forms = { one: 'ثانية واحدة', two: 'ثانيتين', few: 'ثوانٍ', many: 'ثانية', other: 'ثانية' };
const minutes: Forms = { one: 'دقيقة واحدة', two: 'دقيقتين', few: 'دقائق', many: 'دقيقة', other: 'دقيقة' };
const hours: Forms = { one: 'ساعة واحدة', two: 'ساعتين', few: 'ساعات', many: 'ساعة', other: 'ساعة' };
const changed: Forms = {
  one: 'قد يكون رقم أحد العملاء بيد شخص آخر',
  two: 'قد يكون رقما عميلين بيد أشخاص آخرين',
  few: 'من أرقام العملاء قد تكون بيد أشخاص آخرين',
  many: 'من أرقام العملاء قد تكون بيد أشخاص آخرين',
  other: 'من أرقام العملاء قد تكون بيد أشخاص آخرين',
};
const waiting: Forms = {
  one: 'تغيّر واحد ينتظر قرارًا',
  two: 'تغيّران ينتظران قرارًا',
  few: 'تغيّرات تنتظر قرارًا',
  many: 'تغيّرًا ينتظر قرارًا',
  other: 'تغيّر ينتظر قرارًا',
};
const messages: Forms = { one: 'رسالة واحدة', two: 'رسالتان', few: 'رسائل', many: 'رسالة', other: 'رسالة' };
const notices: Forms = { one: 'إشعار واحد', two: 'إشعاران', few: 'إشعارات', many: 'إشعارًا', other: 'إشعار' };
const records: Forms = { one: 'سجل واحد', two: 'سجلين', few: 'سجلات', many: 'سجلًا', other: 'سجل' };
function lasting(count: number): string {
  if (count < 120) return counted(Math.round(count), seconds);
  if (count < 7_200) return counted(Math.round(count / 60), minutes);
  return counted(Math.round(count / 3_600), hours);
}
const instant = (iso: string) => apart(`${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`);
const named = ({ subject }: { subject: string | null }) => apart(subject ?? '–');
const ours = (facts: AlertFacts) => ourNumber(facts, facts.subject ?? '–', { apart, separator });
/** What each consumer works on, in words, beside what it is called everywhere else. */
const steps: Readonly<Record<string, string>> = { contact: 'جهات الاتصال', identity: 'الهوية', consent: 'الموافقات', account: 'أرقامنا' };
const step = ({ subject }: { subject: string | null }) =>
  subject !== null && Object.hasOwn(steps, subject) ? `خطوة «${steps[subject]}» (${apart(subject)})` : `الخطوة ${apart(subject ?? '–')}`;

/** Arabic, read from right to left. */
export const arabic: Words = {
  what: {
    identity_changes: (_facts, count) => counted(count, changed),
    number_flagged: (facts) => `انخفض تقييم جودة الرقم ${ours(facts)}`,
    number_restricted: (facts) => `الرقم ${ours(facts)} مقيَّد`,
    number_lost: (facts) => `لم يعد الرقم ${ours(facts)} متصلًا`,
    check_off: (facts) => `فحص الهوية متوقف للرقم ${ours(facts)}`,
    check_falling: (facts) => `فحص الهوية للرقم ${ours(facts)} يرى أقل مما كان`,
    consumer_late: (facts, count) => `تأخّرت ${step(facts)} منذ ${lasting(count)}`,
    outbox_late: (_facts, count) => `لم تُبلَّغ التغيّرات للأنظمة التالية منذ ${lasting(count)}`,
    dead_letters: (facts, count) => `تعذّر على ${step(facts)} البتّ في ${counted(count, records)}`,
    ungated_sends: (facts, count) => `${counted(count, messages)} من الرقم ${ours(facts)} لم تمرّ بالبوابة`,
    no_webhooks: (facts, count) =>
      `لم يصل شيء من واتساب منذ ${facts.since === null ? apart('–') : instant(facts.since)}، والمعتاد في هذه المدة ${counted(count, notices)}`,
    route_failing: (facts) => `لا تصل التنبيهات إلى ${named(facts)}`,
    test: () => `تجربة لتنبيهات ${apart('keyturn')}`,
  },
  check: {
    no_webhooks: `أن عنوان استقبال الإشعارات يستجيب من خارج شبكتكم؛ وأن الإشعارات مفعّلة في لوحة تطبيق ميتا والتطبيق غير مقيَّد (${apart('keyturn doctor')})؛ ثم حالة المنصة في ${apart('metastatus.com')}`,
  },
  signals: {
    hash: 'بصمة مفتاح مختلفة',
    mismatch: 'رُفض إرسال رسالة',
    legacy: 'تسجيل جديد للرقم',
    number_change: 'تغيّر الرقم',
    number_lost: 'انتقل الرقم إلى شخص آخر',
    bsuid: 'معرّفات متعارضة',
    undecided: 'حدث تعذّر البتّ فيه',
  },
  codes: platformCodes.ar,
  labels: {
    ...{ since: 'منذ', signals: 'الإشارة', numbers: 'رقمنا', ranges: 'بداية الأرقام', optedIn: 'ما هو معرّض للخطر' },
    ...{
      who: 'العميل',
      subject: 'بشأن',
      detail: 'التفاصيل',
      mayNot: 'غير مسموح به',
      check: 'تحقّق أولًا من',
      rule: 'القاعدة',
      count: 'العدد',
    },
  },
  message: {
    opened: (title) => title,
    updated: (title) => `مستجدات: ${title}`,
    escalated: (title, { untakenMinutes }) => `لم يتولَّه أحد منذ ${counted(untakenMinutes ?? 0, minutes)}: ${title}`,
    taken: (title, { by, byName }) => `تولّاه ${apart(byName ?? by ?? '–')}: ${title}`,
    resolved: (title) => `انتهى: ${title}`,
    digest: (_title, { facts }) =>
      (facts.count ?? 0) === 0 ? `${apart('keyturn')}: لا شيء ينتظر قرارًا` : `${apart('keyturn')}: ${counted(facts.count ?? 0, waiting)}`,
    test: (title) => title,
  },
  share: (value, count, of) => (count >= of ? value : `${value} (${digits(count)} من ${digits(of)})`),
  optedIn: (count, of) => (of === 1 ? 'مشترك في رسائل' : `${digits(count)} من ${digits(of)} مشتركون في رسائل`),
  lasting,
  repeat: '[مكرر]',
  action: { one: 'اتخذ القرار', many: 'اعرضها كلها', other: `افتح ${apart('keyturn')}` },
  instant,
  apart,
  separator,
};

import type { ReactNode } from 'react';
import { counted, words } from '../../words/language.tsx';

/** What is said about a decision on many. */
export const bulkWords = words({
  en: {
    title: 'Decide on many',
    lead: 'First it is tried, and nothing is decided. Then you see on how many it would be decided, and which not.',
    onSelected: (count: number) => counted('en', count, { one: 'On # selected change.', other: 'On # selected changes.' }),
    onAll: 'On all open changes',
    oneStorm: 'of one storm',
    as: (verdict: string, reason: ReactNode) => (
      <>
        {verdict} Reason: {reason}
      </>
    ),
    askAgain: 'Change the decision',
    noneSelected: 'Nothing is selected any more. Go back to the changes and select those you mean.',
    try: 'Try it',
    fits: (count: number) => counted('en', count, { one: 'It would be decided on # change.', other: 'It would be decided on # changes.' }),
    more: 'More fit than one decision is about: the others are the next one’s.',
    none: 'Nothing fits any more.',
    bound: 'Each is decided on only as it was seen now: where something newer comes in, it stays blocked and is listed.',
    run: (count: number) => counted('en', count, { one: 'Decide on # change', other: 'Decide on # changes' }),
    back: 'Back to the changes',
    states: {
      ready: 'Tried, not run.',
      running: 'Deciding …',
      done: 'All is decided.',
      cancelled: 'Cancelled. What was decided stays.',
      expired: 'This was tried too long ago. Try it again.',
    },
    decided: (count: string, total: string) => `${count} of ${total} decided`,
    exceptions: 'Not decided on',
    reasons: {
      moved_on: 'Something newer came in',
      not_blocked: 'Somebody else decided',
      nothing_to_split: 'Nothing to part',
      not_found: 'Not there any more',
      failed: 'Could not be decided; run it again',
    },
    other: 'For another reason',
    cancel: 'Stop here',
    report: 'What became of each',
    progress: 'Progress',
  },
  ar: {
    title: 'قرار بشأن كثيرين',
    lead: 'يُجرَّب أولًا ولا يُتخذ قرار. ثم ترى كم منها سيُتخذ القرار بشأنه، وأيها لن يُتخذ بشأنه قرار.',
    onSelected: (count: number) =>
      counted('ar', count, {
        zero: 'لم يُحدّد شيء.',
        one: 'بشأن تغيّر واحد محدّد.',
        two: 'بشأن تغيّرين محدّدين.',
        few: 'بشأن # تغيّرات محدّدة.',
        many: 'بشأن # تغيّرًا محدّدًا.',
        other: 'بشأن # تغيّر محدّد.',
      }),
    onAll: 'بشأن كل التغيّرات المعلّقة',
    oneStorm: 'من موجة واحدة',
    as: (verdict: string, reason: ReactNode) => (
      <>
        {verdict} السبب: {reason}
      </>
    ),
    askAgain: 'غيّر القرار',
    noneSelected: 'لم يعد شيء محدّدًا. عُد إلى التغيّرات وحدّد ما تقصده.',
    try: 'جرّب',
    fits: (count: number) =>
      counted('ar', count, {
        zero: 'لن يُتخذ قرار بشأن شيء.',
        one: 'سيُتخذ القرار بشأن تغيّر واحد.',
        two: 'سيُتخذ القرار بشأن تغيّرين.',
        few: 'سيُتخذ القرار بشأن # تغيّرات.',
        many: 'سيُتخذ القرار بشأن # تغيّرًا.',
        other: 'سيُتخذ القرار بشأن # تغيّر.',
      }),
    more: 'ما يطابق أكثر مما يسعه قرار واحد: الباقي للقرار التالي.',
    none: 'لم يعد شيء يطابق.',
    bound: 'يُقرَّر بشأن كل منها كما شوهد الآن فقط: وما ورد عليه جديد يبقى محظورًا ويُذكر.',
    run: (count: number) =>
      counted('ar', count, {
        one: 'قرّر بشأن تغيّر واحد',
        two: 'قرّر بشأن تغيّرين',
        few: 'قرّر بشأن # تغيّرات',
        many: 'قرّر بشأن # تغيّرًا',
        other: 'قرّر بشأن # تغيّر',
      }),
    back: 'إلى التغيّرات',
    states: {
      ready: 'جُرّب ولم يُنفَّذ.',
      running: 'جارٍ اتخاذ القرارات …',
      done: 'اتُّخذ القرار بشأنها كلها.',
      cancelled: 'أُوقف. ما اتُّخذ من قرارات يبقى.',
      expired: 'مضى على التجربة وقت طويل. جرّب من جديد.',
    },
    decided: (count: string, total: string) => `اتُّخذ القرار بشأن ${count} من ${total}`,
    exceptions: 'لم يُقرَّر بشأنها',
    reasons: {
      moved_on: 'ورد ما هو أحدث',
      not_blocked: 'قرر شخص آخر',
      nothing_to_split: 'لا شيء يُفصل',
      not_found: 'لم يعد موجودًا',
      failed: 'تعذّر القرار؛ نفّذه مرة أخرى',
    },
    other: 'لسبب آخر',
    cancel: 'توقف هنا',
    report: 'ما آل إليه كل منها',
    progress: 'التقدم',
  },
});

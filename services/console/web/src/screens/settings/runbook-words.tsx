import type { ReactNode } from 'react';
import { words } from '../../words/language.tsx';

/** What the settings say of the runbook. */
export const runbookWords = words({
  en: {
    title: 'How to verify',
    lead: 'In your own words, for whoever decides on a change: shown beside the decision and on the command line. The first rule that fits is shown, else what holds in general. Plain text; web addresses become links.',
    general: 'In general',
    generalHint: 'Left empty, keyturn’s own advice is shown.',
    rule: (name: string) => (name === '' ? 'New rule' : `Rule: ${name}`),
    name: 'Name of the rule',
    text: 'How such a person is verified',
    evidence: 'Only where all of this happened',
    numbers: 'Only on these numbers',
    optedIn: 'Only where they are opted in to one of these',
    any: 'None ticked: any change.',
    add: 'Add a rule',
    remove: (name: string) => `Remove “${name}”`,
    up: (name: string) => `Put first “${name}”`,
    removeShort: 'Remove',
    upShort: 'Put first',
    save: 'Save',
    saved: 'Saved. It is shown from now on.',
    nameFirst: 'Each rule needs a name and a text.',
    nameTwice: 'Two rules have the same name.',
    moved: 'Somebody else changed this since. Yours was not saved.',
    theirs: 'Show what they wrote',
    lastBy: (who: ReactNode, at: ReactNode) => (
      <>
        Last changed by {who}, {at}
      </>
    ),
  },
  ar: {
    title: 'كيف يُتحقق',
    lead: 'بكلماتكم، لمن يقرر في التغيّر: يظهر بجانب القرار وفي سطر الأوامر. تظهر أول قاعدة تنطبق، وإلا فما يسري عمومًا. نص بسيط، وتصبح عناوين الويب روابط.',
    general: 'عمومًا',
    generalHint: 'إن تُرك فارغًا ظهرت نصيحة keyturn.',
    rule: (name: string) => (name === '' ? 'قاعدة جديدة' : `القاعدة: ${name}`),
    name: 'اسم القاعدة',
    text: 'كيف يُتحقق من هذا الشخص',
    evidence: 'فقط إذا كان كل ما حدث من هذا',
    numbers: 'فقط على هذه الأرقام',
    optedIn: 'فقط إذا كان مشتركًا في أحد هذه',
    any: 'إن لم يُحدَّد شيء: أي تغيّر.',
    add: 'أضف قاعدة',
    remove: (name: string) => `احذف «${name}»`,
    up: (name: string) => `ضعها أولًا «${name}»`,
    removeShort: 'احذف',
    upShort: 'ضعها أولًا',
    save: 'احفظ',
    saved: 'حُفظ. يظهر من الآن.',
    nameFirst: 'تحتاج كل قاعدة إلى اسم ونص.',
    nameTwice: 'لقاعدتين الاسم نفسه.',
    moved: 'غيّر شخص آخر هذا في الأثناء. لم يُحفظ ما كتبته.',
    theirs: 'اعرض ما كتبه',
    lastBy: (who: ReactNode, at: ReactNode) => (
      <>
        آخر تغيير: {who}، {at}
      </>
    ),
  },
});

import type { ReactNode } from 'react';
import { counted, words } from '../../words/language.tsx';

/** What is said of how long what is kept. */
export const retentionWords = words({
  en: {
    title: 'Retention',
    lead: 'What is older goes for good, so this is configuration of the services and topics, changed where they are deployed and not here: one click, or one stolen session, must not remove evidence.',
    what: {
      webhooks: 'What WhatsApp sent, message text too',
      inbound_events: 'What was made of it, about people',
      account_events: 'What was made of it, about our numbers',
      change_events: 'What is told of each change',
      dead_letters: 'What could not be applied',
      state: 'The state of each contact now',
      journal: 'The history of each contact',
      decisions: 'Decisions, and the ledger of consent',
      sent_statuses: 'How far our messages got',
      sent_past_gate: 'What went past the gate',
      sent_through_gate: 'What went through the gate',
      gate_decisions: 'What the gate denied, and a sample of what it allowed',
      alerts: 'Alerts that are over, and what was told of them',
      audit: 'Who did what',
    },
    other: 'Something else',
    days: (count: number) => counted('en', count, { one: '# day', other: '# days' }),
    forGood: 'until somebody removes it',
    by: {
      variable: (name: ReactNode, service: ReactNode) => (
        <>
          Set by {name} of the service {service}
        </>
      ),
      untold: (name: ReactNode, service: ReactNode) => (
        <>
          Unless {name} is set for the service {service}, which has not said yet what it was told
        </>
      ),
      topic: (name: ReactNode, _service: ReactNode) => (
        <>The topic {name}, as keyturn makes it. Changed with Kafka’s own tools; keyturn topics --check shows where yours differs.</>
      ),
      release: (name: ReactNode, _service: ReactNode) => <>Fixed in this release; in table {name}</>,
      hand: (name: ReactNode, _service: ReactNode) => <>In table {name}; docs/operate.md says how it is removed</>,
    },
    goneBefore: (at: ReactNode) => <>Now nothing is there from before {at}</>,
  },
  ar: {
    title: 'مدد الحفظ',
    lead: 'ما هو أقدم يزول إلى الأبد، فهذه من إعدادات الخدمات تُغيَّر حيث تُشغَّل لا هنا: لا يجوز أن تمحو نقرةٌ واحدة أو جلسةٌ مسروقة دليلًا.',
    what: {
      webhooks: 'ما أرسله واتساب، ومعه نص الرسائل',
      inbound_events: 'ما استُخرج منه عن الأشخاص',
      account_events: 'ما استُخرج منه عن أرقامنا',
      change_events: 'ما يُبلَّغ عن كل تغيّر',
      dead_letters: 'ما تعذّرت معالجته',
      state: 'حال كل جهة اتصال الآن',
      journal: 'تاريخ كل جهة اتصال',
      decisions: 'القرارات وسجل الموافقات',
      sent_statuses: 'إلى أين وصلت رسائلنا',
      sent_past_gate: 'ما أُرسل خارج البوابة',
      sent_through_gate: 'ما أُرسل عبر البوابة',
      gate_decisions: 'ما منعته البوابة، وعيّنة مما سمحت به',
      alerts: 'التنبيهات المنتهية وما أُبلغ منها',
      audit: 'مَن فعل ماذا',
    },
    other: 'أمر آخر',
    days: (count: number) => counted('ar', count, { one: 'يوم واحد', two: 'يومان', few: '# أيام', many: '# يومًا', other: '# يوم' }),
    forGood: 'إلى أن يزيله أحد',
    by: {
      variable: (name: ReactNode, service: ReactNode) => (
        <>
          يضبطه {name} في الخدمة {service}
        </>
      ),
      untold: (name: ReactNode, service: ReactNode) => (
        <>
          ما لم يُضبط {name} للخدمة {service}، وهي لم تذكر بعد ما ضُبط لها
        </>
      ),
      topic: (name: ReactNode, _service: ReactNode) => <>القناة {name} كما ينشئها keyturn. تُغيَّر بأدواتها حيث تُشغَّل.</>,
      release: (name: ReactNode, _service: ReactNode) => <>ثابتة في هذا الإصدار؛ في الجدول {name}</>,
      hand: (name: ReactNode, _service: ReactNode) => <>في الجدول {name}؛ ودليل التشغيل يبيّن كيف يُزال</>,
    },
    goneBefore: (at: ReactNode) => <>لا شيء الآن مما قبل {at}</>,
  },
});

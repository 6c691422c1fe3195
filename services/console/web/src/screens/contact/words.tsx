import type { ReactNode } from 'react';
import { words } from '../../words/language.tsx';

/** What the search, the contact and its history say. */
export const contactWords = words({
  en: {
    searchTitle: 'Contacts',
    search: 'Number, user id or name',
    searchHint: 'A number in any spelling, with its country code. It never stands in the address bar.',
    find: 'Find',
    found: { none: 'Nobody is known by this.', more: 'More people fit. Write more of the name.' },
    title: 'Contact',
    status: { unknown: 'no key known', clear: 'clear', blocked: 'blocked' },
    toChange: 'Look at the change and decide',
    identifiers: 'Numbers and ids',
    kinds: { wa_id: 'Number', bsuid: 'User id', parent_bsuid: 'Parent user id' },
    held: (from: ReactNode, to: ReactNode) => (
      <>
        from {from} to {to}
      </>
    ),
    heldFrom: (from: ReactNode) => <>since {from}</>,
    heldTo: (to: ReactNode) => <>until {to}</>,
    consent: 'Consent',
    consentStatus: { none: 'nothing said', opted_in: 'opted in', opted_out: 'opted out' },
    windows: 'Service windows',
    windowUntil: (at: ReactNode) => <>open until {at}</>,
    noWindow: 'None is open.',
    byChoice: 'Block by choice',
    notByChoice: 'You have not blocked this person.',
    byChoiceSince: (at: ReactNode, who: ReactNode) => (
      <>
        Blocked since {at}, by {who}
      </>
    ),
    wroteSince: (at: ReactNode) => <>Wrote since, last {at}</>,
    block: 'Block this person',
    lift: 'Lift the block',
    reason: 'Reason',
    note: 'Note',
    really: 'It follows the person to every number they go to. Nothing is sent to them until it is lifted.',
    cancel: 'Cancel',
    messages: 'Messages',
    noMessages: 'None is on record.',
    messageKinds: {
      sent: 'Sent to them',
      delivered: 'Reached them',
      read: 'Read by them',
      failed: 'Did not reach them',
      received: 'They wrote',
      denied: 'Held back by the gate',
    },
    otherMessage: 'Another message',
    history: 'What happened',
    noHistory: 'Nothing is on record.',
    lastSeen: (at: ReactNode) => <>Last seen {at}</>,
  },
  ar: {
    searchTitle: 'جهات الاتصال',
    search: 'رقم أو معرّف مستخدم أو اسم',
    searchHint: 'رقم بأي كتابة مع رمز الدولة. لا يظهر أبدًا في شريط العنوان.',
    find: 'ابحث',
    found: { none: 'لا أحد معروف بهذا.', more: 'يطابق هذا أشخاصًا آخرين. اكتب المزيد من الاسم.' },
    title: 'جهة اتصال',
    status: { unknown: 'لا مفتاح معروف', clear: 'لا تغيّر معلّق', blocked: 'محظور الإرسال إليه' },
    toChange: 'اطّلع على التغيّر وقرر',
    identifiers: 'الأرقام والمعرّفات',
    kinds: { wa_id: 'رقم', bsuid: 'معرّف مستخدم', parent_bsuid: 'معرّف المستخدم الأصل' },
    held: (from: ReactNode, to: ReactNode) => (
      <>
        من {from} إلى {to}
      </>
    ),
    heldFrom: (from: ReactNode) => <>منذ {from}</>,
    heldTo: (to: ReactNode) => <>حتى {to}</>,
    consent: 'الموافقة',
    consentStatus: { none: 'لم يُذكر شيء', opted_in: 'اشترك', opted_out: 'ألغى الاشتراك' },
    windows: 'نوافذ خدمة العملاء',
    windowUntil: (at: ReactNode) => <>مفتوحة حتى {at}</>,
    noWindow: 'لا نافذة مفتوحة.',
    byChoice: 'الحظر بقرار النشاط التجاري',
    notByChoice: 'لم تحظروا هذا الشخص.',
    byChoiceSince: (at: ReactNode, who: ReactNode) => (
      <>
        محظور منذ {at}، بقرار من {who}
      </>
    ),
    wroteSince: (at: ReactNode) => <>كتب بعد ذلك، وآخرها {at}</>,
    block: 'احظر هذا الشخص',
    lift: 'ارفع الحظر',
    reason: 'السبب',
    note: 'ملاحظة',
    really: 'يتبع الحظر الشخص إلى كل رقم ينتقل إليه. ولا يُرسل إليه شيء حتى يُرفع.',
    cancel: 'إلغاء',
    messages: 'الرسائل',
    noMessages: 'لا شيء مسجّل.',
    messageKinds: {
      sent: 'أُرسلت إليه',
      delivered: 'وصلت إليه',
      read: 'قرأها',
      failed: 'لم تصل إليه',
      received: 'كتب',
      denied: 'أوقفتها البوابة',
    },
    otherMessage: 'رسالة أخرى',
    history: 'ما حدث',
    noHistory: 'لا شيء مسجّل.',
    lastSeen: (at: ReactNode) => <>شوهد آخر مرة {at}</>,
  },
});

/** What each kind of journal entry says. */
export const timelineWords = words({
  en: {
    'contact.created': 'Became known',
    'contact.identified': 'Another number or id became known',
    'contact.merged': 'Two records turned out to be one person',
    'contact.number_changed': 'Moved to another number',
    'contact.split': 'Parted: from here on a different person',
    'contact.updated': 'Name or window changed',
    'contact.business_blocked': 'Blocked by choice',
    'contact.business_unblocked': 'Block by choice lifted',
    'contact.blocked_person_wrote': 'Wrote although blocked by choice',
    'identity.hash_learned': 'Key became known',
    'identity.blocked': 'Blocked: somebody else may hold the number',
    'identity.evidence_changed': 'More evidence came in',
    'identity.acknowledged': 'Decided',
    'identity.regrouped': 'Evidence sorted anew',
    'consent.recorded': 'Consent recorded',
    'consent.status_changed': 'Consent changed',
    'consent.regrouped': 'Consent sorted anew',
    other: 'Something else happened',
  },
  ar: {
    'contact.created': 'عُرف لأول مرة',
    'contact.identified': 'عُرف رقم أو معرّف آخر',
    'contact.merged': 'تبيّن أن سجلّين لشخص واحد',
    'contact.number_changed': 'انتقل إلى رقم آخر',
    'contact.split': 'افترقا: من هنا شخص آخر',
    'contact.updated': 'تغيّر الاسم أو نافذة خدمة العملاء',
    'contact.business_blocked': 'حُظر من قِبل النشاط التجاري',
    'contact.business_unblocked': 'رُفع الحظر',
    'contact.blocked_person_wrote': 'كتب رغم حظره',
    'identity.hash_learned': 'عُرف المفتاح',
    'identity.blocked': 'محظور الإرسال إليه: قد يكون الرقم لشخص آخر',
    'identity.evidence_changed': 'وردت أدلة أخرى',
    'identity.acknowledged': 'اتُّخذ القرار',
    'identity.regrouped': 'أُعيد ترتيب الأدلة',
    'consent.recorded': 'سُجّلت موافقة',
    'consent.status_changed': 'تغيّرت الموافقة',
    'consent.regrouped': 'أُعيد ترتيب الموافقات',
    other: 'حدث أمر آخر',
  },
});

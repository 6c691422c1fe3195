import type { ReactNode } from 'react';
import { words } from '../../words/language.tsx';

/** What the settings say. */
export const settingsWords = words({
  en: {
    title: 'Settings',
    people: 'People and keys',
    alerting: 'Alert rules and routes',
    retention: 'Retention',
    members: 'Members',
    membersLead: 'Who may sign in. A viewer looks, an operator decides too, an admin may do all. A change works at their next request.',
    roles: { viewer: 'Viewer', operator: 'Operator', admin: 'Admin' },
    noRole: 'No role',
    role: 'Role',
    roleOf: (name: string) => `Role of ${name}`,
    byLogin: 'Their role comes from your organisation’s login.',
    disabled: 'May not sign in',
    disable: 'Bar from signing in',
    enable: 'Let sign in again',
    lastLogin: (at: ReactNode) => <>last signed in {at}</>,
    neverIn: 'never signed in',
    invite: 'Invite somebody',
    inviteAgain: 'New link',
    name: 'Name',
    email: 'E-mail',
    send: 'Make the invitation',
    linkLead: 'Give them this link, by a way that only they read. It works once and is shown this once.',
    noLink: 'They may come in now, by your organisation’s login with this e-mail address.',
    sessions: 'Signed in now',
    current: 'this browser',
    since: (at: ReactNode, seen: ReactNode) => (
      <>
        since {at}, last active {seen}
      </>
    ),
    end: 'End',
    endSession: (name: string) => `End the session of ${name}`,
    keys: 'API keys',
    keysLead: 'For programs. Give each the scopes it needs, no more.',
    makeKey: 'Make a key',
    scopes: 'Scopes',
    scopeNames: {
      read: 'read',
      'identity:decide': 'decide on changes',
      'consent:write': 'record consent',
      'contact:write': 'block by choice',
      admin: 'everything',
      send: 'send through the gate',
    },
    keyLead: 'The key, shown this once. Put it where the program reads its secrets.',
    revoked: 'revoked',
    revoke: 'Revoke',
    revokeKey: (name: string) => `Revoke ${name}`,
    revokeLead: 'Whatever uses this key is refused from the next request on. This can’t be undone.',
    made: (at: ReactNode) => <>made {at}</>,
    ends: (at: ReactNode, isOver: boolean) => (
      <>
        {isOver ? 'ended' : 'ends'} {at}
      </>
    ),
    cancel: 'Cancel',
    done: 'Done',
    ended: 'over',
    pickScope: 'Choose at least one scope.',
    onlyAdmins: 'Members and keys are for admins.',
  },
  ar: {
    title: 'الإعدادات',
    people: 'الأشخاص والمفاتيح',
    alerting: 'قواعد التنبيه ووجهاته',
    retention: 'مدد الحفظ',
    members: 'الأعضاء',
    membersLead: 'مَن يستطيع الدخول. المطّلع يرى، والمشغّل يقرر أيضًا، والمسؤول يفعل كل شيء. يسري التغيير عند طلبهم التالي.',
    roles: { viewer: 'مطّلع', operator: 'مشغّل', admin: 'مسؤول' },
    noRole: 'بلا دور',
    role: 'الدور',
    roleOf: (name: string) => `دور ${name}`,
    byLogin: 'يأتي الدور من تسجيل دخول مؤسستكم.',
    disabled: 'ممنوع من الدخول',
    disable: 'امنع من الدخول',
    enable: 'اسمح بالدخول',
    lastLogin: (at: ReactNode) => <>آخر دخول {at}</>,
    neverIn: 'لم يدخل بعد',
    invite: 'ادعُ شخصًا',
    inviteAgain: 'رابط جديد',
    name: 'الاسم',
    email: 'البريد الإلكتروني',
    send: 'أنشئ الدعوة',
    linkLead: 'سلّمه هذا الرابط بطريق لا يقرؤه سواه. يصلح مرة واحدة ولا يظهر مرة أخرى.',
    noLink: 'يمكنه الدخول الآن عبر تسجيل دخول مؤسستكم بهذا البريد الإلكتروني.',
    sessions: 'الجلسات المفتوحة الآن',
    current: 'هذا المتصفح',
    since: (at: ReactNode, seen: ReactNode) => (
      <>
        منذ {at}، آخر نشاط {seen}
      </>
    ),
    end: 'أنهِ',
    endSession: (name: string) => `أنهِ جلسة ${name}`,
    keys: 'مفاتيح الواجهة البرمجية',
    keysLead: 'للبرامج. أعطِ كلًّا منها ما يلزمه من صلاحيات لا أكثر.',
    makeKey: 'أنشئ مفتاحًا',
    scopes: 'الصلاحيات',
    scopeNames: {
      read: 'القراءة',
      'identity:decide': 'القرار بشأن التغيّرات',
      'consent:write': 'تسجيل الموافقة',
      'contact:write': 'الحظر بقرار النشاط',
      admin: 'كل شيء',
      send: 'الإرسال عبر البوابة',
    },
    keyLead: 'هذا هو المفتاح، ولا يظهر مرة أخرى. ضعه حيث يقرأ البرنامج أسراره.',
    revoked: 'مُلغى',
    revoke: 'ألغِه',
    revokeKey: (name: string) => `ألغِ ${name}`,
    revokeLead: 'يُرفض كل ما يستخدم هذا المفتاح ابتداءً من طلبه التالي. لا رجعة في هذا.',
    made: (at: ReactNode) => <>أُنشئ {at}</>,
    ends: (at: ReactNode, isOver: boolean) => (
      <>
        {isOver ? 'انتهى' : 'ينتهي'} {at}
      </>
    ),
    cancel: 'إلغاء',
    done: 'تم',
    ended: 'انتهت',
    pickScope: 'اختر صلاحية واحدة على الأقل.',
    onlyAdmins: 'الأعضاء والمفاتيح للمسؤولين.',
  },
});

import type { GateCode, GateReason, Wording } from '@keyturn/contracts';

type Words = readonly [message: Wording, wayOut: Wording];
const say = (en: string, ar: string): Wording => ({ en, ar });

const words: Readonly<Record<GateCode, Words>> = {
  state_unreadable: [
    say('What is known of this person can’t be read now.', 'تتعذر الآن قراءة ما هو معروف عن هذا الشخص.'),
    say('Ask again in some seconds; if it lasts, look at the database.', 'أعد السؤال بعد ثوانٍ، وإن استمر الأمر فافحص قاعدة البيانات.'),
  ],
  state_not_current: [
    say('What is known of this person may be out of date.', 'قد يكون ما هو معروف عن هذا الشخص غير محدَّث.'),
    say(
      'Ask again in some seconds; if it lasts, a consumer or Kafka is behind.',
      'أعد السؤال بعد ثوانٍ، وإن استمر الأمر فأحد المستهلكين أو Kafka متأخر.',
    ),
  ],
  contact_changing: [
    say(
      'Who holds this number has just changed, and not all of it has been followed yet.',
      'تغيّر للتو صاحب هذا الرقم ولم تكتمل متابعة ذلك بعد.',
    ),
    say('Ask again in a moment.', 'أعد السؤال بعد لحظات.'),
  ],
  group_recipient: [
    say('This goes to a group: who reads it is not known.', 'هذه الرسالة إلى مجموعة، ولا يُعرف من يقرؤها.'),
    say('Write to the persons, or let the policy allow groups.', 'راسل الأشخاص، أو اسمح بالمجموعات في السياسة.'),
  ],
  two_contacts: [
    say(
      '`to` and `recipient`, or `to` with and without our country code, belong to two persons.',
      'يعود `to` و`recipient`، أو `to` مع رمز بلدنا وبدونه، إلى شخصين مختلفين.',
    ),
    say('Name one of them; a number with `+` and its country code.', 'اذكر واحدًا منهما، واكتب الرقم مع `+` ورمز البلد.'),
  ],
  number_ambiguous: [
    say(
      'The platform may put our country code before this number, and with it this would be the number of somebody who is not known.',
      'قد تضع المنصة رمز بلدنا قبل هذا الرقم، فيصبح رقم شخص غير معروف.',
    ),
    say('Write the number with `+` and its country code.', 'اكتب الرقم مع `+` ورمز بلده.'),
  ],
  contact_unknown: [
    say('Nobody is known by this number or id.', 'لا يُعرف أحد بهذا الرقم أو المعرّف.'),
    say(
      'Let the person write first, or import them with their opt-in: `keyturn consents import`.',
      'دع الشخص يكتب أولًا، أو استورده مع موافقته بالأمر `keyturn consents import`.',
    ),
  ],
  identity_blocked: [
    say('Somebody else may hold this number now.', 'قد يكون هذا الرقم الآن لدى شخص آخر.'),
    say('Verify the person and acknowledge the change.', 'تحقق من الشخص ثم أقرّ بالتغيير.'),
  ],
  identity_unproven: [
    say('No identity key of this person is known for this number of ours.', 'لا يُعرف مفتاح هوية لهذا الشخص مع رقمنا هذا.'),
    say(
      'Switch on the identity check of the number, and wait for a message from the person.',
      'فعّل فحص الهوية لهذا الرقم وانتظر رسالة من الشخص.',
    ),
  ],
  identity_unchecked: [
    say(
      'The identity check of this number of ours is off: a stranger on a known number would not be seen.',
      'فحص الهوية لهذا الرقم من أرقامنا غير مفعّل، فلن يُلاحظ شخص غريب على رقم معروف.',
    ),
    say('Switch it on: `keyturn doctor --fix`.', 'فعّله بالأمر `keyturn doctor --fix`.'),
  ],
  identity_hash_awaited: [
    say('The change was acknowledged before the new identity key was seen.', 'أُقرّ بالتغيير قبل أن يُرى مفتاح الهوية الجديد.'),
    say('Send something harmless, or wait for a message from the person.', 'أرسل شيئًا غير حساس، أو انتظر رسالة من الشخص.'),
  ],
  identity_hash_differs: [
    say('The sender names another identity key than the one that is known.', 'يذكر المرسل مفتاح هوية غير المفتاح المعروف.'),
    say('Leave recipient_identity_key_hash out: the gate names it.', 'احذف recipient_identity_key_hash فالبوابة تذكره.'),
  ],
  blocked_by_choice: [
    say('The business has blocked this person.', 'حظرت المنشأة هذا الشخص.'),
    say('Lift the block if it was a mistake.', 'ارفع الحظر إن كان خطأً.'),
  ],
  opted_out: [
    say('The person has opted out of this.', 'اختار الشخص عدم تلقي هذا النوع.'),
    say('Send only what they have not opted out of.', 'أرسل فقط ما لم يلغِ الشخص اشتراكه فيه.'),
  ],
  no_opt_in: [
    say('The person has not agreed to this.', 'لم يوافق الشخص على تلقي هذا النوع.'),
    say('Ask them, and record their opt-in: `keyturn consents record`.', 'اطلب موافقته وسجّلها بالأمر `keyturn consents record`.'),
  ],
  window_closed: [
    say('The person has not written to this number in 24 hours.', 'لم يكتب الشخص إلى هذا الرقم خلال ٢٤ ساعة.'),
    say('Send a template.', 'أرسل قالبًا.'),
  ],
  bsuid_forbidden: [
    say('An authentication template does not go to a BSUID.', 'لا يُرسل قالب المصادقة إلى معرّف BSUID.'),
    say('Name the number in `to`; ask the person for it.', 'اذكر الرقم في `to` بعد طلبه من الشخص.'),
  ],
  number_unreachable: [
    say('This number is not reachable on WhatsApp.', 'لا يمكن الوصول إلى هذا الرقم على واتساب.'),
    say('Reach the person by another channel.', 'تواصل مع الشخص عبر قناة أخرى.'),
  ],
  number_restricted: [
    say('Our number is restricted or disconnected, or people don’t like what it sends.', 'رقمنا مقيَّد أو مفصول، أو لا يعجب الناس ما يرسله.'),
    say('Send less, and look at it: `keyturn numbers`.', 'قلّل الإرسال وراجع الأرقام بالأمر `keyturn numbers`.'),
  ],
  frequency_cap: [
    say('The person has had enough of this for now.', 'تلقى الشخص ما يكفي من هذا النوع حاليًا.'),
    say('Send it later.', 'أرسلها لاحقًا.'),
  ],
};

/** A reason as people read it, in both languages, with the way out. */
export function explain(code: GateCode): GateReason {
  const [message, wayOut] = words[code];
  return { code, message, wayOut };
}

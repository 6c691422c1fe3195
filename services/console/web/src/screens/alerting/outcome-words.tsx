import type { ReactNode } from 'react';
import { counted, words } from '../../words/language.tsx';

/** What became of what was sent. */
export const outcomeWords = words({
  en: {
    status: {
      waiting: 'Not taken yet: it is sent again',
      delivered: 'Taken',
      refused: 'Refused for good',
      superseded: 'Over before it was sent',
      given_up: 'Given up',
    },
    outcomes: {
      delivered: 'It took it',
      refused: 'It refused it',
      redirect: 'It wanted it sent elsewhere, where nothing goes',
      status: 'It failed',
      throttled: 'It had too much',
      timeout: 'It did not answer in time',
      refused_address: 'Its address is not public, so nothing is sent there',
      unreachable: 'It could not be reached',
      tls: 'Its certificate could not be trusted',
      no_mail_server: 'This console has no mail server: SMTP_URL and MAIL_FROM name it',
      no_secret: 'Its secret is missing, or no key opens it: set it anew',
    } as Readonly<Record<string, string>>,
    underWay: 'Under way',
    messages: {
      opened: 'A page',
      updated: 'News',
      escalated: 'Escalation',
      taken: 'Somebody took it',
      resolved: 'It is over',
      digest: 'Digest',
      test: 'Test',
    },
    httpStatus: (status: number) => `status ${status}`,
    answered: (answer: ReactNode) => <>It answered: {answer}</>,
    attempts: (count: number) => counted('en', count, { one: '# attempt', other: '# attempts' }),
  },
  ar: {
    status: {
      waiting: 'لم تُستلم بعد: تُرسل ثانيةً',
      delivered: 'استُلمت',
      refused: 'رُفضت نهائيًّا',
      superseded: 'انتهى الأمر قبل إرسالها',
      given_up: 'تُركت',
    },
    outcomes: {
      delivered: 'استلمتها الوجهة',
      refused: 'رفضتها الوجهة',
      redirect: 'طلبت إرسالها إلى مكان آخر، ولا يُرسل إليه شيء',
      status: 'أخفقت الوجهة',
      throttled: 'ورد إليها أكثر مما تقبل',
      timeout: 'لم تُجب في الوقت المحدد',
      refused_address: 'عنوانها غير عام، فلا يُرسل إليه شيء',
      unreachable: 'تعذّر الوصول إليها',
      tls: 'شهادتها غير موثوقة',
      no_mail_server: 'لا خادم بريد لهذه الخدمة: يضبطه مَن يشغّلها',
      no_secret: 'سرّها ناقص أو لا مفتاح يفتحه: اضبطه من جديد',
    } as Readonly<Record<string, string>>,
    underWay: 'قيد الإرسال',
    messages: {
      opened: 'تنبيه',
      updated: 'مستجدات',
      escalated: 'تصعيد',
      taken: 'تولّاه أحد',
      resolved: 'انتهى',
      digest: 'موجز',
      test: 'تجربة',
    },
    httpStatus: (status: number) => `الحالة ${status}`,
    answered: (answer: ReactNode) => <>جوابها: {answer}</>,
    attempts: (count: number) =>
      counted('ar', count, {
        one: 'محاولة واحدة',
        two: 'محاولتان',
        few: '# محاولات',
        many: '# محاولة',
        other: '# محاولة',
      }),
  },
});

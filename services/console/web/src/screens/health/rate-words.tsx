import type { ReactNode } from 'react';
import { words } from '../../words/language.tsx';

/** What the chart of webhooks says. */
export const rateWords = words({
  en: {
    title: 'Webhooks that came in',
    over: 'Webhooks over',
    spans: { '6h': 'Last 6 hours', '24h': 'Last 24 hours', '7d': 'Last 7 days' },
    sum: (count: string, last: string) => `${count} in this time, the last of them ${last}.`,
    none: 'None came in this time.',
    unknown: 'Nobody counted in this time.',
    never: 'No webhook has come yet. From the first one on they stand here.',
    silent: (last: ReactNode, usual: string) => (
      <>
        Nothing comes from WhatsApp: the last came {last}, and {usual} are usual in that time. Check that your webhook address answers from
        outside, and that the webhook is subscribed in the Meta app dashboard.
      </>
    ),
    stale: (at: ReactNode) => <>Counted up to {at}: the relay, which counts, does not run, or does not reach Kafka or the database.</>,
    step: (when: string, count: string) => `${when}: ${count}`,
    soFar: 'so far',
    now: 'now',
    time: 'When',
    webhooks: 'Webhooks',
  },
  ar: {
    title: 'الإشعارات الواردة من واتساب',
    over: 'الإشعارات خلال',
    spans: { '6h': 'آخر 6 ساعات', '24h': 'آخر 24 ساعة', '7d': 'آخر 7 أيام' },
    sum: (count: string, last: string) => `${count} في هذه المدة، آخرها ${last}.`,
    none: 'لم يرد شيء في هذه المدة.',
    unknown: 'لم يُحصَ شيء في هذه المدة.',
    never: 'لم يرد أي إشعار بعد. ستظهر هنا ابتداءً من أولها.',
    silent: (last: ReactNode, usual: string) => (
      <>
        لا يرد شيء من واتساب: ورد آخرها {last}، والمعتاد في هذه المدة {usual}. تحققوا من أن عنوان استقبال الإشعارات يستجيب من خارج شبكتكم،
        وأن الإشعارات مفعّلة في لوحة تطبيق ميتا.
      </>
    ),
    stale: (at: ReactNode) => <>آخر إحصاء {at}: خدمة الإبلاغ، وهي التي تُحصي، متوقفة أو لا تصل إلى كافكا أو قاعدة البيانات.</>,
    step: (when: string, count: string) => `${when}: ${count}`,
    soFar: 'حتى الآن',
    now: 'الآن',
    time: 'الوقت',
    webhooks: 'الإشعارات',
  },
});

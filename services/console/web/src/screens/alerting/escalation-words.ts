import { counted, words } from '../../words/language.tsx';

/** What is said of those who are told when nobody takes an alert. */
export const escalationWords = words({
  en: {
    afterMinutes: (minutes: number) => counted('en', minutes, { one: 'After # minute also told', other: 'After # minutes also told' }),
  },
  ar: {
    afterMinutes: (minutes: number) =>
      counted('ar', minutes, {
        one: 'بعد دقيقة واحدة يُبلَّغ أيضًا',
        two: 'بعد دقيقتين يُبلَّغ أيضًا',
        few: 'بعد # دقائق يُبلَّغ أيضًا',
        other: 'بعد # دقيقة يُبلَّغ أيضًا',
      }),
  },
});

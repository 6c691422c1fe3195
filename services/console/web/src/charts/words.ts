import { words } from '../words/language.tsx';

/** What stands around every chart. */
export const chartWords = words({
  en: { table: 'As a table', unknown: 'not known' },
  ar: { table: 'عرض كجدول', unknown: 'غير معروف' },
});

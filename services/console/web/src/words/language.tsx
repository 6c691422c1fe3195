import { createContext, type ReactNode, useContext } from 'react';
import { type Language, localeOf } from './locale.ts';

export { type Language, languages, localeOf } from './locale.ts';

/** The same words in each language: what one lacks does not compile. */
export type Words<Said> = { readonly en: Said; readonly ar: Said };
/** Declares the words of a screen. */
export const words = <Said,>(both: { readonly en: Said; readonly ar: NoInfer<Said> }): Words<Said> => both;

const Spoken = createContext<Language>('en');
/** Everything below speaks this language. */
export const Speaking = ({ language, children }: { language: Language; children: ReactNode }) => (
  <Spoken.Provider value={language}>{children}</Spoken.Provider>
);
/** The language in which the page speaks now. */
export const useLanguage = (): Language => useContext(Spoken);
/** Words in the language in which the page speaks now. */
export const useWords = <Said,>(said: Words<Said>): Said => said[useLanguage()];

type Forms = {
  readonly one: string;
  readonly other: string;
  readonly zero?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
};
/** The form of a word that goes with a count. */
export function counted(language: Language, count: number, forms: Forms): string {
  const form = new Intl.PluralRules(localeOf[language]).select(count);
  return (forms[form] ?? forms.other).replace('#', new Intl.NumberFormat(localeOf[language]).format(count));
}

import { type Language, languages } from './language.tsx';

/** How the page looks: as the system does, or always so. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What somebody chose in this browser, else what the browser asks for. */
export function chosenLanguage(): Language {
  const stored = languages.find((language) => language === localStorage.getItem('language'));
  return stored ?? languages.find((language) => navigator.languages.some((asked) => asked.startsWith(language))) ?? 'en';
}
/** What somebody chose in this browser, else as the system has it. */
export const chosenTheme = (): Theme => themes.find((theme) => theme === localStorage.getItem('theme')) ?? 'system';

/** The document speaks and reads in this language. */
export function speak(language: Language): void {
  localStorage.setItem('language', language);
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
}
/** The document looks so. */
export function show(theme: Theme): void {
  localStorage.setItem('theme', theme);
  document.documentElement.dataset.theme = theme;
}

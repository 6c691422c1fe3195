import type { MeJson, Scope } from '@keyturn/contracts';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { may } from '../api/me.ts';
import { useLive } from '../live/live.tsx';
import { clock } from '../shown/instant.ts';
import { Ltr } from '../shown/shown.tsx';
import { type Language, localeOf, useLanguage, useWords } from '../words/language.tsx';
import { MeMenu } from './me-menu.tsx';
import { shellWords } from './words.ts';

type Screen = {
  readonly path: string;
  readonly word: 'queue' | 'alerts' | 'contacts' | 'numbers' | 'health' | 'settings' | 'audit';
  readonly needs?: Scope;
  /** On a phone it stands in the menu alone. */
  readonly isWide?: boolean;
  readonly isHere: (path: string) => boolean;
};
const screens: readonly Screen[] = [
  { path: '/', word: 'queue', isHere: (here) => here === '/' || here === '/queue' || /^\/(changes|bulk)/.test(here) },
  { path: '/alerts', word: 'alerts', isHere: (here) => here === '/alerts' },
  { path: '/contacts', word: 'contacts', isHere: (here) => here.startsWith('/contacts') },
  { path: '/numbers', word: 'numbers', isWide: true, isHere: (here) => here.startsWith('/numbers') },
  { path: '/health', word: 'health', isHere: (here) => here === '/health' },
  { path: '/settings', word: 'settings', isWide: true, isHere: (here) => here.startsWith('/settings') },
  { path: '/audit', word: 'audit', needs: 'admin', isWide: true, isHere: (here) => here === '/audit' },
];

/** What stands around every screen: where one is, whether it is of now, who one is. */
export function Frame({ me, onLanguage, children }: { me: MeJson; onLanguage: (language: Language) => void; children: ReactNode }) {
  const w = useWords(shellWords);
  const [here] = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever comes to another screen starts at its top, also with a keyboard
  useEffect(() => {
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [here]);
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {w.skip}
      </a>
      <header className="bar">
        <Link href="/" className="brand" aria-label="keyturn">
          <Ltr>keyturn</Ltr>
        </Link>
        <LiveSign />
        <MeMenu me={me} onLanguage={onLanguage} />
      </header>
      <nav className="screens" aria-label={w.nav}>
        {screens
          .filter(({ needs }) => needs === undefined || may(me, needs))
          .map(({ path, word, isWide, isHere }) => (
            <Link key={path} href={path} data-wide={isWide} aria-current={isHere(here) ? 'page' : undefined}>
              {w[word]}
              {word === 'queue' && <OpenCount />}
            </Link>
          ))}
      </nav>
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** Whether what is shown is of now; else as of when it is. */
function LiveSign() {
  const w = useWords(shellWords);
  const language = useLanguage();
  const { isLive, asOf } = useLive();
  const saying = isLive ? w.live : asOf === null ? w.connecting : w.asOf(clock(language, asOf));
  return (
    <p className="live" role="status" data-live={isLive}>
      {saying}
    </p>
  );
}

/** How many changes are open; nothing while that is not known. */
function OpenCount() {
  const language = useLanguage();
  const { openChanges } = useLive();
  if (openChanges === null) return null;
  return <span className="count">{new Intl.NumberFormat(localeOf[language]).format(openChanges)}</span>;
}

import { Link, useLocation } from 'wouter';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from './words.tsx';

const parts = [
  ['/settings', 'people'],
  ['/settings/alerts', 'alerting'],
  ['/settings/retention', 'retention'],
] as const;

/** The parts of the settings. */
export function SettingsNav() {
  const w = useWords(settingsWords);
  const [here] = useLocation();
  return (
    <nav className="tabs" aria-label={w.title}>
      {parts.map(([path, word]) => (
        <Link key={path} href={path} aria-current={here === path ? 'page' : undefined}>
          {w[word]}
        </Link>
      ))}
    </nav>
  );
}

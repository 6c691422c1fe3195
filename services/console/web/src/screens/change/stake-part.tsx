import type { ConsentCategory, ContactJson } from '@keyturn/contracts';
import { Moment } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { queueWords } from '../queue/words.tsx';
import { changeWords } from './words.tsx';

/** What would go to somebody else: consents and open windows. */
export function StakePart({ contact: { consent, serviceWindows, businessBlocked } }: { contact: ContactJson }) {
  const w = useWords(changeWords);
  const { categories } = useWords(queueWords);
  const language = useLanguage();
  const those = (status: string) =>
    new Intl.ListFormat(localeOf[language], { type: 'unit' }).format(
      (Object.entries(consent) as [ConsentCategory, { status: string }][])
        .filter(([, one]) => one.status === status)
        .map(([category]) => categories[category]),
    );
  const [optedIn, optedOut] = [those('opted_in'), those('opted_out')];
  const until = serviceWindows
    .map(({ endsAt }) => endsAt)
    .sort()
    .at(-1);
  return (
    <section>
      <h2>{w.stake}</h2>
      <ul>
        <li>{optedIn === '' ? w.nothing : w.optedIn(optedIn)}</li>
        {optedOut !== '' && <li>{w.optedOut(optedOut)}</li>}
        <li>{until === undefined ? w.noWindow : w.windowUntil(<Moment at={until} />)}</li>
        {businessBlocked && <li>{w.byChoice}</li>}
      </ul>
    </section>
  );
}

import type { IdentityView } from '@keyturn/contracts';
import { Button } from 'react-aria-components';
import { clock } from '../../shown/instant.ts';
import { Short } from '../../shown/shown.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { Saying } from './evidence-part.tsx';
import { evidenceKey } from './evidence-words.tsx';
import { changeWords } from './words.tsx';

type Props = { readonly seen: IdentityView; readonly now: IdentityView; readonly onLooked: () => void };

/** Stands in the way of a decision on what is no longer so, and shows the difference. */
export function Newer({ seen, now, onLooked }: Props) {
  const w = useWords(changeWords);
  const language = useLanguage();
  const knew = new Set(seen.evidence.map(evidenceKey));
  const fresh = now.evidence.filter((one) => !knew.has(evidenceKey(one)));
  const at = fresh
    .map(({ lastAt }) => lastAt)
    .sort()
    .at(-1);
  return (
    <section className="newer" role="alert">
      <p>
        <strong>{at === undefined ? w.newerPlain : w.newer(<bdi>{clock(language, at)}</bdi>)}</strong>
      </p>
      <p>{w.whatIsNew}</p>
      <ul>
        {fresh.map((one) => (
          <li key={evidenceKey(one)}>
            <Saying evidence={one} />
          </li>
        ))}
        {now.keyHash !== null && now.keyHash !== seen.keyHash && <li>{w.nowKey(<Short>{now.keyHash}</Short>)}</li>}
      </ul>
      <Button onPress={onLooked}>{w.looked}</Button>
    </section>
  );
}

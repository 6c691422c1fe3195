import type { IdentityChangeJson } from '@keyturn/contracts';
import { Link } from 'wouter';
import { Lasting, Name, Who } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { queueWords } from './words.tsx';

/** One open change, as much of it as decides whether to open it now. */
export function ChangeRow({ change, isGone }: { change: IdentityChangeJson; isGone: boolean }) {
  const w = useWords(queueWords);
  const language = useLanguage();
  const { contactId, identifiers, profileName, identity, since, stake, verification, ungated } = change;
  const [first, ...rest] = signalsOf(change);
  const named = (kind: string) => (kind in w.signals ? w.signals[kind as keyof typeof w.signals] : w.other);
  const list = (items: readonly string[]) => new Intl.ListFormat(localeOf[language], { type: 'unit' }).format(items);
  return (
    <li data-gone={isGone}>
      <Link href={`/changes/${contactId}`} className="row">
        <span className="who">
          <Who identifiers={identifiers} />
          {profileName !== null && <Name>{profileName}</Name>}
        </span>
        <span className="age">{isGone ? w.gone : <Lasting at={since} quiet />}</span>
        <span className="what">
          <strong>{first === undefined ? w.other : named(first)}</strong>
          {rest.length > 0 && <> · {w.also(list(rest.map(named)))}</>}
        </span>
        <span className="stake">
          {stake.length > 0 ? w.optedIn(list(stake.map((category) => w.categories[category]))) : w.nothingAtStake}
          {verification !== undefined && identity.status === 'blocked' && <> · {w.asked}</>}
          {ungated !== undefined && (
            <>
              {' · '}
              <strong className="ungated">{w.ungated(ungated.messages)}</strong>
            </>
          )}
        </span>
      </Link>
    </li>
  );
}

/** What speaks for another holder, each kind once, the first one first. */
const signalsOf = ({ identity }: IdentityChangeJson): string[] => [
  ...new Set(
    identity.evidence
      .filter(({ code }) => code !== 'known_key_hash')
      .sort((a, b) => a.firstAt.localeCompare(b.firstAt))
      .map(({ kind }) => kind),
  ),
];

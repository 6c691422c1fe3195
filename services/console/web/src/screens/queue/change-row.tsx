import type { IdentityChangeJson } from '@keyturn/contracts';
import { memo } from 'react';
import { Link } from 'wouter';
import { Lasting, Name, Who } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { Pick, type Picking, whoId } from './pick.tsx';
import { queueWords } from './words.tsx';

type Props = {
  readonly change: IdentityChangeJson;
  readonly isGone: boolean;
  readonly isSelected: boolean;
  /** Null: whoever looks may not decide, so has nothing to select for. */
  readonly picking: Picking | null;
};

/** One open change, as much of it as decides whether to open it now. */
export const ChangeRow = memo(function ChangeRow({ change, isGone, isSelected, picking }: Props) {
  const w = useWords(queueWords);
  const language = useLanguage();
  const { contactId, identifiers, profileName, identity, since, stake, verification, ungated } = change;
  const [first, ...rest] = signalsOf(change);
  const named = (kind: string) => (kind in w.signals ? w.signals[kind as keyof typeof w.signals] : w.other);
  const list = (items: readonly string[]) => new Intl.ListFormat(localeOf[language], { type: 'unit' }).format(items);
  return (
    <li data-gone={isGone} data-selected={isSelected}>
      {picking !== null && <Pick contactId={contactId} isSelected={isSelected} isGone={isGone} picking={picking} />}
      <Link href={`/changes/${contactId}`} className="row">
        <span className="who" id={whoId(contactId)}>
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
});

/** What speaks for another holder, each kind once, the first one first. */
const signalsOf = ({ identity }: IdentityChangeJson): string[] => [
  ...new Set(
    identity.evidence
      .filter(({ code }) => code !== 'known_key_hash')
      .sort((a, b) => a.firstAt.localeCompare(b.firstAt))
      .map(({ kind }) => kind),
  ),
];

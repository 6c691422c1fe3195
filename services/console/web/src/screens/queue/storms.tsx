import type { ChangeGroupJson } from '@keyturn/contracts';
import { groupedNumber } from '@keyturn/domain/grouped-number';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Ltr, Moment } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { OurNumber } from '../change/evidence-part.tsx';
import { changeWords } from '../change/words.tsx';
import { queueWords } from './words.tsx';

/** Fewer changes that share a cause are no storm. */
const STORM_MIN = 10;

/** Changes that share a cause, one line each, which opens them. */
export function Storms({ groups, onOpen }: { groups: readonly ChangeGroupJson[]; onOpen: (group: string) => void }) {
  const [first] = useState(groups); // no line comes or goes above a row under a finger: a later storm has its line on the next look
  const now = new Map(groups.map((group) => [group.group, group]));
  const storms = first.filter(({ count }) => count >= STORM_MIN).map((group) => now.get(group.group) ?? group);
  if (storms.length === 0) return null;
  return (
    <ul className="groups">
      {storms.map((group) => (
        <Storm key={group.group} group={group} onOpen={() => onOpen(group.group)} />
      ))}
    </ul>
  );
}

function Storm({ group: { count, since, signal, numberPrefix, phoneNumberId }, onOpen }: { group: ChangeGroupJson; onOpen: () => void }) {
  const w = useWords(queueWords);
  const { on } = useWords(changeWords);
  return (
    <li className="group">
      <p>
        <strong>{w.storm(count, <Moment at={since} />)}</strong>
        <br />
        {signal in w.signals ? w.signals[signal as keyof typeof w.signals] : w.other}
        {numberPrefix !== null && <> · {w.allBegin(<Ltr className="number">{`${groupedNumber(numberPrefix)}…`}</Ltr>)}</>}
        {phoneNumberId !== null && <> · {on(<OurNumber phoneNumberId={phoneNumberId} />)}</>}
      </p>
      <Button onPress={onOpen}>{w.review}</Button>
    </li>
  );
}

import type { Verdict } from '@keyturn/contracts';
import { useEffect, useId, useState } from 'react';
import { Field } from '../../shown/field.tsx';
import { useWords } from '../../words/language.tsx';
import { changeWords } from './words.tsx';

const OTHER = 'other';

/** A reason from the list that goes with the verdict, or in one's own words. */
export function Reason({ verdict, onReason }: { verdict: Verdict | null; onReason: (reason: string) => void }) {
  const w = useWords(changeWords);
  const id = useId();
  const [chosen, setChosen] = useState('');
  const [text, setText] = useState('');
  const reasons = verdict === 'different_person' ? w.reasonsDifferent : w.reasonsSame;
  const reason = chosen === OTHER ? text : reasons.includes(chosen) ? chosen : '';
  useEffect(() => onReason(reason), [reason, onReason]);
  return (
    <>
      <div className="field">
        <label htmlFor={id}>{w.reason}</label>
        <select
          id={id}
          value={chosen === OTHER || reasons.includes(chosen) ? chosen : ''}
          onChange={({ target }) => setChosen(target.value)}
        >
          <option value="">{w.choose}</option>
          {reasons.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
          <option value={OTHER}>{w.otherReason}</option>
        </select>
      </div>
      {chosen === OTHER && <Field label={w.reasonText} value={text} onChange={setText} maxLength={200} isRequired />}
    </>
  );
}

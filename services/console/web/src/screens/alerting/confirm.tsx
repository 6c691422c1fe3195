import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { problemOf } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { useWords } from '../../words/language.tsx';
import { alertingWords } from './words.tsx';

type Props = {
  readonly label: string;
  /** The same with what it is about, for whoever does not see where it stands. */
  readonly of?: string;
  /** What it does. */
  readonly lead: string;
  act(): Promise<unknown>;
  done(): void;
};

/** A button that says what it would do before it does it. The focus goes there and comes back. */
export function Confirm({ label, of, lead, act, done }: Props) {
  const w = useWords(alertingWords);
  const faultWords = useFaultWords();
  const [asking, setAsking] = useState<'not yet' | 'now' | 'no more'>('not yet');
  const acting = useMutation({
    mutationFn: act,
    onSuccess: () => {
      setAsking('no more');
      done();
    },
  });
  if (asking !== 'now')
    return (
      <Button autoFocus={asking === 'no more'} {...(of === undefined ? {} : { 'aria-label': of })} onPress={() => setAsking('now')}>
        {label}
      </Button>
    );
  const { reason, rule } = problemOf(acting.error);
  return (
    <div className="card confirm">
      <p>{lead}</p>
      {acting.isError && <p role="alert">{reason === 'in_use' ? w.inUse(String(rule)) : faultWords(acting.error)}</p>}
      <p className="buttons">
        <Act autoFocus isBusy={acting.isPending} onPress={() => acting.mutate()}>
          {label}
        </Act>
        <Button onPress={() => setAsking('no more')}>{w.cancel}</Button>
      </p>
    </div>
  );
}

import { useMutation } from '@tanstack/react-query';
import { useId, useRef } from 'react';
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

/** A button that says what it would do before it does it: over the page, so that nothing of it moves. The focus goes there and comes back. */
export function Confirm({ label, of, lead, act, done }: Props) {
  const w = useWords(alertingWords);
  const faultWords = useFaultWords();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const acting = useMutation({
    mutationFn: act,
    onSuccess: () => {
      dialog.current?.close();
      done();
    },
  });
  const { reason, rule } = problemOf(acting.error);
  return (
    <>
      <Button {...(of === undefined ? {} : { 'aria-label': of })} onPress={() => dialog.current?.showModal()}>
        {label}
      </Button>
      <dialog ref={dialog} className="card leaving" aria-labelledby={id} onClose={() => acting.reset()}>
        <p id={id}>{lead}</p>
        <p className="buttons">
          <Act className="primary" isBusy={acting.isPending} onPress={() => acting.mutate()}>
            {label}
          </Act>
          <Button onPress={() => dialog.current?.close()}>{w.cancel}</Button>
        </p>
        {acting.isError && <p role="alert">{reason === 'in_use' ? w.inUse(String(rule)) : faultWords(acting.error)}</p>}
      </dialog>
    </>
  );
}

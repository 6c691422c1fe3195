import type { IdentityView, Verdict } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { acknowledge, previewQuery } from '../../api/queries.ts';
import { problemOf } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Field } from '../../shown/field.tsx';
import { useWords } from '../../words/language.tsx';
import { Decided, type Outcome } from './decided.tsx';
import { Reason } from './reason.tsx';
import { focusOnVerdict } from './to-decision.tsx';
import { Verdicts } from './verdicts.tsx';
import { changeWords } from './words.tsx';

type Props = {
  readonly contactId: string;
  /** What was looked at: the decision is on exactly this. */
  readonly seen: IdentityView;
  /** Something newer came in and was not looked at yet. */
  readonly isResting: boolean;
  /** Nothing awaits a decision any more: what was said stays as it was said, and `outcome` is what ours came to (null: it was another's). */
  readonly isOver: boolean;
  readonly outcome: Outcome | null;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly onMoved: () => void;
  readonly onDecided: (outcome: Outcome) => void;
};

/** Same person or different person, with a reason. Where something newer came in it decides nothing, and says so. What comes of it stands where its button was. */
export function Decide({ contactId, seen, isResting, isOver, outcome, form, onMoved, onDecided }: Props) {
  const w = useWords(changeWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState<string | null>(null);
  const preview = useQuery(previewQuery(contactId, seen.keyHash, seen.version));
  useFocusAfterRest(form, isResting);
  const decision = useMutation({
    mutationFn: (said: { note?: string; evidenceUrl?: string; verdict: Verdict }) =>
      acknowledge(contactId, { keyHash: seen.keyHash, version: seen.version, reason: reason.trim(), ...said }),
    onSuccess: (outcome) => {
      onDecided(outcome);
      for (const key of ['contact', 'changes', 'counts']) void queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => {
      if (problemOf(error).status === 409) onMoved();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const [note, evidenceUrl] = ['note', 'evidenceUrl'].map((name) => String(new FormData(event.currentTarget).get(name) ?? '').trim());
    const fault = verdict === null ? w.pickFirst : reason.trim() === '' ? w.reasonFirst : linkFault(evidenceUrl ?? '') ? w.linkWrong : null;
    setMissing(fault);
    if (fault === null && verdict !== null)
      decision.mutate({ verdict, ...(note ? { note } : {}), ...(evidenceUrl ? { evidenceUrl } : {}) });
  };
  const fault = missing ?? (decision.isError && problemOf(decision.error).status !== 409 ? faultWords(decision.error) : null);
  return (
    <form ref={form} className="decide" onSubmit={submit} noValidate>
      <Verdicts
        {...{ verdict, onVerdict: setVerdict, isDisabled: isResting || isOver }}
        {...{ preview: preview.data, isOld: preview.isPlaceholderData }}
      />
      <fieldset disabled={isOver}>
        <Reason verdict={verdict} onReason={setReason} />
        <Field label={w.note} description={w.noteHint} name="note" lines={2} maxLength={4000} />
        <Field label={w.evidenceUrl} description={w.evidenceHint} name="evidenceUrl" type="url" maxLength={2000} />
      </fieldset>
      <div className="came">
        {isOver ? (
          <Decided contactId={contactId} outcome={outcome} />
        ) : (
          <Act type="submit" className="primary" isDisabled={isResting} isBusy={decision.isPending}>
            {verdict === null ? w.submit : verdict === 'different_person' ? w.submitDifferent : w.submitSame}
          </Act>
        )}
        {!isOver && fault !== null && <p role="alert">{fault}</p>}
      </div>
    </form>
  );
}

/** Whoever has looked at what is newer goes on where they were: what they pressed is gone. */
function useFocusAfterRest(form: RefObject<HTMLFormElement | null>, isResting: boolean): void {
  const wasResting = useRef(isResting);
  useEffect(() => {
    if (wasResting.current && !isResting && document.activeElement === document.body) focusOnVerdict(form.current);
    wasResting.current = isResting;
  }, [form, isResting]);
}

/** Whether something is there that is no link. */
export const linkFault = (url: string): boolean => url !== '' && !/^https?:\/\/\S+$/.test(url);

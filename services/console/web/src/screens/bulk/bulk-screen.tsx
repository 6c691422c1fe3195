import type { BulkDecisionRequest, BulkRehearsedJson, Verdict } from '@keyturn/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { pathWith } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useSelecting } from '../../selection/selecting.tsx';
import { changesOf, nothing } from '../../selection/selection.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Answer } from '../../shown/answer.tsx';
import { Field } from '../../shown/field.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { linkFault } from '../change/decide.tsx';
import { Reason } from '../change/reason.tsx';
import { Verdicts } from '../change/verdicts.tsx';
import { changeWords } from '../change/words.tsx';
import { filterIn } from '../queue/filter.ts';
import { queueWords } from '../queue/words.tsx';
import { OnFilter } from './on-filter.tsx';
import { Tried } from './tried.tsx';
import { bulkWords } from './words.tsx';

/** One verdict for what is selected, or for all changes that fit the filter in the URL: tried first, then run on exactly what was seen, or asked for anew with
 *  all that was typed. */
export function BulkScreen() {
  const w = useWords(bulkWords);
  const { cannotDecide } = useWords(changeWords);
  const me = useQuery(meQuery()).data;
  const search = useSearch();
  const filter = filterIn(search);
  const isSelected = new URLSearchParams(search).has('selected');
  const { selection, select } = useSelecting();
  const tried = useMutation({ mutationFn: (said: BulkDecisionRequest) => request<BulkRehearsedJson>('POST', '/v1/bulk-decisions', said) });
  const meant = isSelected ? { changes: changesOf(selection) } : { filter: filter as NonNullable<BulkDecisionRequest['filter']> };
  useTitle(w.title);
  return (
    <div className="bulk">
      <Link href={pathWith('/', filter)} className="back">
        {w.back}
      </Link>
      <h1>{w.title}</h1>
      <p className="lead">{w.lead}</p>
      {!may(me, 'identity:decide') ? (
        <Note>{cannotDecide}</Note>
      ) : isSelected && selection.seen.size === 0 && (tried.isIdle || tried.isError) ? (
        <Note>{w.noneSelected}</Note>
      ) : (
        <>
          {tried.data === undefined && (isSelected ? <OnSelected /> : <OnFilter filter={filter} />)}
          <Ask
            {...{ isBusy: tried.isPending, isOver: tried.isSuccess, error: tried.error }}
            onAsked={(said) => tried.mutate({ ...said, ...meant })}
          />
          {tried.data !== undefined && (
            <Tried tried={tried.data} said={tried.variables} onRun={() => isSelected && select(() => nothing)} onAskAgain={tried.reset} />
          )}
        </>
      )}
    </div>
  );
}

const Note = ({ children }: { children: ReactNode }) => (
  <p className="note" role="status">
    {children}
  </p>
);

/** On how many it would be tried, and how many left the selection by themselves. */
function OnSelected() {
  const w = useWords(bulkWords);
  const { dropped } = useWords(queueWords);
  const { selection } = useSelecting();
  return (
    <p role="status">
      <strong>{w.onSelected(selection.seen.size)}</strong> {selection.dropped > 0 && dropped(selection.dropped)}
    </p>
  );
}

type Asked = Omit<BulkDecisionRequest, 'filter' | 'changes'>;
type AskProps = {
  readonly onAsked: (said: Asked) => void;
  readonly isBusy: boolean;
  /** It was answered: what was typed waits out of sight, to be changed. */
  readonly isOver: boolean;
  readonly error: unknown;
};

function Ask({ onAsked, isBusy, isOver, error }: AskProps) {
  const w = useWords(bulkWords);
  const said = useWords(changeWords);
  const faultWords = useFaultWords();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const wasOver = useRef(isOver);
  useEffect(() => {
    if (wasOver.current && !isOver) form.current?.querySelector<HTMLElement>('[type="radio"]:checked')?.focus();
    wasOver.current = isOver;
  }, [isOver]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [note, evidenceUrl] = [String(form.get('note') ?? '').trim(), String(form.get('evidenceUrl') ?? '').trim()];
    const fault =
      verdict === null ? said.pickFirst : reason.trim() === '' ? said.reasonFirst : linkFault(evidenceUrl) ? said.linkWrong : null;
    setMissing(fault);
    if (fault === null && verdict !== null)
      onAsked({ verdict, reason: reason.trim(), ...(note ? { note } : {}), ...(evidenceUrl ? { evidenceUrl } : {}) });
  };
  const fault = missing ?? (error === null ? null : faultWords(error));
  return (
    <form ref={form} className="decide" hidden={isOver} onSubmit={submit} noValidate>
      <Verdicts verdict={verdict} onVerdict={setVerdict} />
      <Reason verdict={verdict} onReason={setReason} />
      <Field label={said.note} description={said.noteHint} name="note" lines={2} maxLength={4000} />
      <Field label={said.evidenceUrl} description={said.evidenceHint} name="evidenceUrl" type="url" maxLength={2000} />
      <Act type="submit" className="primary" isBusy={isBusy}>
        {w.try}
      </Act>
      <Answer>{fault}</Answer>
    </form>
  );
}

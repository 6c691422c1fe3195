import type { RunbookJson, RunbookRequest } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { runbookQuery } from '../../api/queries.ts';
import { problemOf, request } from '../../api/request.ts';
import { Leaving, useUnsaved } from '../../shell/leaving.tsx';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Actor } from '../../shown/actor.tsx';
import { Field } from '../../shown/field.tsx';
import { Ago } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { draftOf, emptyDraft, faultIn, ruleOf } from './runbook-draft.ts';
import { RunbookRuleCard } from './runbook-rule.tsx';
import { runbookWords } from './runbook-words.tsx';

/** How people are verified, in the business's own words, to be written and changed; nobody leaves what is not saved without being asked. */
export function RunbookSettings() {
  const w = useWords(runbookWords);
  const runbook = useQuery(runbookQuery());
  const [reading, setReading] = useState(0);
  if (runbook.data === undefined) return null;
  const { actor, setAt } = runbook.data;
  const readTheirs = () => void runbook.refetch().then(() => setReading(reading + 1));
  return (
    <section className="runbook-settings">
      <h2>{w.title}</h2>
      <p>{w.lead}</p>
      {actor !== null && setAt !== null && <p className="quiet">{w.lastBy(<Actor actor={actor} />, <Ago at={setAt} />)}</p>}
      <Editor key={reading} before={runbook.data} onTheirs={readTheirs} />
    </section>
  );
}

function Editor({ before, onTheirs }: { before: RunbookJson; onTheirs: () => void }) {
  const w = useWords(runbookWords);
  const [version, setVersion] = useState(before.version); // what is written here was begun on this one, whatever is read meanwhile
  const [general, setGeneral] = useState(before.general ?? '');
  const [drafts, setDrafts] = useState(() => before.rules.map(draftOf));
  const [nextId, setNextId] = useState(drafts.length);
  const [fault, setFault] = useState<ReturnType<typeof faultIn>>(null);
  const save = useSave(setVersion);
  const wanted = { general: general.trim() || null, rules: drafts.map(ruleOf) };
  const unsaved = useUnsaved(!isSame(writtenIn(before), wanted));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = faultIn(drafts);
    setFault(found);
    if (found === null) save.mutate({ ...wanted, version });
  };
  const add = () => {
    setDrafts([...drafts, emptyDraft(nextId)]);
    setNextId(nextId + 1);
  };
  return (
    <form onSubmit={submit} noValidate>
      {drafts.length > 0 && (
        <ol className="rules">
          {drafts.map((draft, i) => (
            <RunbookRuleCard
              key={draft.id}
              {...{ draft, isFirst: i === 0 }}
              onDraft={(changed) => setDrafts(drafts.map((one) => (one === draft ? changed : one)))}
              onFirst={() => setDrafts([draft, ...drafts.filter((one) => one !== draft)])}
              onRemove={() => setDrafts(drafts.filter((one) => one !== draft))}
            />
          ))}
        </ol>
      )}
      <Button onPress={add}>{w.add}</Button>
      <Field label={w.general} description={w.generalHint} lines={4} value={general} onChange={setGeneral} maxLength={4_000} />
      {fault === null ? <Refusal error={save.error} onTheirs={onTheirs} /> : <p role="alert">{w[fault]}</p>}
      <p className="buttons">
        <Act type="submit" className="primary" isBusy={save.isPending}>
          {w.save}
        </Act>
        <span role="status">{save.isSuccess && isSame(save.variables, wanted) && w.saved}</span>
      </p>
      <Leaving unsaved={unsaved} />
    </form>
  );
}

function useSave(onVersion: (version: number) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: RunbookRequest) => request<RunbookJson>('PUT', '/v1/runbook', wanted),
    onSuccess: (set) => {
      onVersion(set.version);
      queries.setQueryData(runbookQuery().queryKey, set);
    },
  });
}

type Written = Pick<RunbookRequest, 'general' | 'rules'>;
/** What a runbook says, as one would write it here. */
const writtenIn = ({ general, rules }: RunbookJson): Written => ({ general, rules: rules.map(draftOf).map(ruleOf) });
/** Whether what stands here is what was saved. */
const isSame = (saved: Written, here: Written): boolean =>
  JSON.stringify([saved.general, saved.rules]) === JSON.stringify([here.general, here.rules]);

/** Why it was not saved; where somebody else was faster, with the way to theirs. */
function Refusal({ error, onTheirs }: { error: Error | null; onTheirs: () => void }) {
  const w = useWords(runbookWords);
  const faultWords = useFaultWords();
  if (error === null) return null;
  const isMoved = problemOf(error).status === 409;
  return (
    <div role="alert">
      <p>{isMoved ? w.moved : faultWords(error)}</p>
      {isMoved && <Button onPress={onTheirs}>{w.theirs}</Button>}
    </div>
  );
}

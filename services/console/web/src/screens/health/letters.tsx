import type { DeadLetterDecidedJson, HealthJson } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { may, meQuery } from '../../api/me.ts';
import { lettersQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Answer } from '../../shown/answer.tsx';
import { Field } from '../../shown/field.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { Steady } from '../../shown/steady.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { ConsumerName } from './consumer-name.tsx';
import { healthWords } from './words.tsx';

type Kind = HealthJson['deadLetters'][number];
type Action = 'redrive' | 'discard';
const goThere = (element: HTMLElement | null) => element?.focus({ preventScroll: true });

/** What one consumer could not apply for one cause: what it is, and a decision on all of it, which is said in its place. `isGone`: none of it is left. */
export function Letters({ letters, isGone }: { letters: Kind; isGone: boolean }) {
  const w = useWords(healthWords);
  const me = useQuery(meQuery()).data;
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  const [action, setAction] = useState<Action | null>(null);
  const [decided, setDecided] = useState<number | null>(null);
  const [isOpen, setOpen] = useState(false);
  const { group, code, open, oldestAt } = letters;
  const begin = (asked: Action) => {
    setAction(asked);
    setDecided(null);
  };
  return (
    <section className="card">
      <h3>
        <Ltr className="code wrap">{code}</Ltr>
      </h3>
      <p>{isGone ? w.noneLeft : w.lettersOf(format.format(open), <ConsumerName group={group} />, <Ago at={oldestAt} />)}</p>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{w.show}</summary>
        {isOpen && <LetterList letters={letters} />}
      </details>
      <Steady of={`${action} ${decided} ${isGone}`}>
        {decided !== null && (
          <p role="status" tabIndex={-1} ref={goThere}>
            {w.done(decided)}
          </p>
        )}
        {may(me, 'admin') && action === null && !isGone && (
          <p className="buttons">
            <Button onPress={() => begin('redrive')}>{w.redrive}</Button>
            <Button onPress={() => begin('discard')}>{w.discard}</Button>
          </p>
        )}
        {action !== null && <Deciding {...{ letters, action }} onDecided={setDecided} onEnd={() => setAction(null)} />}
      </Steady>
    </section>
  );
}

function LetterList({ letters: { group, code } }: { letters: Kind }) {
  const found = useQuery(lettersQuery(group, code)).data?.items ?? [];
  return (
    <ol className="timeline">
      {found.map(({ deadLetterId, cause, deadLetteredAt, eventType, partition, offset }) => (
        <li key={deadLetterId} className="timeline-entry">
          <Ago at={deadLetteredAt} />
          <span>
            <Ltr className="code wrap">{`${eventType ?? ''} ${partition}/${offset}`}</Ltr>
            <br />
            <Ltr className="code wrap">{cause}</Ltr>
          </span>
        </li>
      ))}
    </ol>
  );
}

type Choosing = { letters: Kind; action: Action; onDecided: (count: number) => void; onEnd: () => void };
function Deciding({ letters: { group, code }, action, onDecided, onEnd }: Choosing) {
  const w = useWords(healthWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const decision = useMutation({
    mutationFn: (reason: string) =>
      request<DeadLetterDecidedJson>('POST', `/v1/dead-letters/${action}`, { filter: { group, code }, reason }),
    onSuccess: ({ decided }) => {
      onDecided(decided);
      onEnd();
      void queries.invalidateQueries({ queryKey: ['health'] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    decision.mutate(String(new FormData(event.currentTarget).get('reason') ?? '').trim());
  };
  return (
    <form onSubmit={submit}>
      <p>{action === 'redrive' ? w.redriveLead : w.discardLead}</p>
      <Field label={w.reason} description={w.reasonHint} name="reason" maxLength={200} isRequired autoFocus />
      <p className="buttons">
        <Act type="submit" className="primary" isBusy={decision.isPending}>
          {action === 'redrive' ? w.redriveAll : w.discardAll}
        </Act>
        <Button onPress={onEnd}>{w.cancel}</Button>
      </p>
      <Answer>{decision.isError ? faultWords(decision.error) : null}</Answer>
    </form>
  );
}

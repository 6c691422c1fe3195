import type { BusinessBlockEntryJson, BusinessBlockRequest, ContactJson } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { may, meQuery } from '../../api/me.ts';
import { blockQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Actor } from '../../shown/actor.tsx';
import { Answer } from '../../shown/answer.tsx';
import { Field } from '../../shown/field.tsx';
import { Ago, Moment } from '../../shown/shown.tsx';
import { Steady } from '../../shown/steady.tsx';
import { useWords } from '../../words/language.tsx';
import { contactWords, timelineWords } from './words.tsx';

type Props = { readonly contactId: string; readonly block: ContactJson['businessBlock'] };

/** Whether the business wants nothing to do with this person: set, lift, and who did so when and why. */
export function ByChoice({ contactId, block }: Props) {
  const w = useWords(contactWords);
  const me = useQuery(meQuery()).data;
  const history = useQuery(blockQuery(contactId)).data?.items ?? [];
  const [isAsking, setAsking] = useState(false);
  const wasAsking = useRef(false); // then the focus comes back
  const end = () => {
    wasAsking.current = true;
    setAsking(false);
  };
  return (
    <section>
      <h2>{w.byChoice}</h2>
      <Steady of={`${isAsking} ${block?.blockedAt}`}>
        <Now block={block} />
        {may(me, 'contact:write') && !isAsking && (
          <Button autoFocus={wasAsking.current} onPress={() => setAsking(true)}>
            {block === null ? w.block : w.lift}
          </Button>
        )}
        {isAsking && <Asking contactId={contactId} isBlocked={block !== null} onEnd={end} />}
        {history.length > 0 && (
          <ul className="history">
            {history.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
      </Steady>
    </section>
  );
}

function Now({ block }: Pick<Props, 'block'>) {
  const w = useWords(contactWords);
  if (block === null) return <p>{w.notByChoice}</p>;
  return (
    <p>
      {w.byChoiceSince(<Moment at={block.blockedAt} />, <Actor actor={block.actor} />)} · <bdi>{block.reason}</bdi>
      {block.wroteAt !== null && <> · {w.wroteSince(<Ago at={block.wroteAt} />)}</>}
    </p>
  );
}

function Entry({ entry: { type, occurredAt, actor, reason } }: { entry: BusinessBlockEntryJson }) {
  const w = useWords(timelineWords);
  return (
    <li>
      <Ago at={occurredAt} /> {type in w ? w[type as keyof typeof w] : w.other}
      {reason !== null && (
        <>
          {' · '}
          <bdi>{reason}</bdi> · <Actor actor={actor} />
        </>
      )}
    </li>
  );
}

function Asking({ contactId, isBlocked, onEnd }: { contactId: string; isBlocked: boolean; onEnd: () => void }) {
  const w = useWords(contactWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const decision = useMutation({
    mutationFn: (said: BusinessBlockRequest) => request(isBlocked ? 'DELETE' : 'PUT', `/v1/contacts/${contactId}/business-block`, said),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['contact', contactId] });
      onEnd();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const [reason, note] = ['reason', 'note'].map((name) => String(new FormData(event.currentTarget).get(name) ?? '').trim());
    decision.mutate({ reason: reason ?? '', ...(note ? { note } : {}) });
  };
  return (
    <form onSubmit={submit}>
      {!isBlocked && <p>{w.really}</p>}
      <Field label={w.reason} name="reason" maxLength={200} isRequired autoFocus />
      <Field label={w.note} name="note" lines={2} maxLength={4000} />
      <p className="buttons">
        <Act type="submit" className="primary" isBusy={decision.isPending}>
          {isBlocked ? w.lift : w.block}
        </Act>
        <Button onPress={onEnd}>{w.cancel}</Button>
      </p>
      <Answer>{decision.isError ? faultWords(decision.error) : null}</Answer>
    </form>
  );
}

import type { AcknowledgementJson, DecisionRecord } from '@keyturn/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { changesQuery, timelineQuery } from '../../api/queries.ts';
import { Actor } from '../../shown/actor.tsx';
import { useWords } from '../../words/language.tsx';
import { decisionIn } from '../contact/timeline.tsx';
import { changeWords } from './words.tsx';

/** What a decision of ours came to. */
export type Outcome = AcknowledgementJson;

/** Says what was decided, by us or (null) by somebody else, and what to do next. */
export function Decided({ contactId, outcome }: { contactId: string; outcome: Outcome | null }) {
  const w = useWords(changeWords);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (outcome !== null) place.current?.focus({ preventScroll: true });
  }, [outcome]);
  const theirs = useTheirDecision(contactId, outcome === null);
  const decision = outcome?.decision ?? theirs;
  const next = useInfiniteQuery(changesQuery({})).data?.pages[0]?.items.find((change) => change.contactId !== contactId);
  return (
    <section className="decided" role="status" tabIndex={-1} ref={place}>
      <CameTo contactId={contactId} outcome={outcome} />
      <p className="next">
        <Link href="/">{w.back}</Link>
        {decision?.newContactId !== undefined && <Link href={`/contacts/${decision.newContactId}`}>{w.toNew}</Link>}
        {next !== undefined && (
          <Link className="button primary" href={`/changes/${next.contactId}`}>
            {w.toNext}
          </Link>
        )}
      </p>
    </section>
  );
}

/** What our decision came to, or (null) who decided meanwhile and how; as high as a line while that is not known. */
export function CameTo({ contactId, outcome }: { contactId: string; outcome: Outcome | null }) {
  const w = useWords(changeWords);
  const theirs = useTheirDecision(contactId, outcome === null);
  if (outcome !== null) return <p>{outcome.decision.verdict === 'same_person' ? w.doneSame : w.doneDifferent}</p>;
  if (theirs === undefined) return <p>{'\u00a0'}</p>;
  return (
    <p>
      {w.meanwhile(<Actor actor={theirs.actor} />)} {w.decidedAs[theirs.verdict]}
    </p>
  );
}

/** The latest decision on record. */
function useTheirDecision(contactId: string, isWanted: boolean): DecisionRecord | undefined {
  const { data } = useInfiniteQuery({ ...timelineQuery(contactId), enabled: isWanted });
  const entry = data?.pages.flatMap(({ items }) => items).find(({ type }) => type === 'identity.acknowledged');
  return decisionIn(entry?.detail);
}

import type { ContactJson, IdentityView } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { contactQuery, numbersQuery, runbookForQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { Lasting, Moment, Name, Who } from '../../shown/shown.tsx';
import { Steady } from '../../shown/steady.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { Past } from '../contact/past.tsx';
import { Decide } from './decide.tsx';
import { CameTo, Decided, type Outcome } from './decided.tsx';
import { EvidencePart } from './evidence-part.tsx';
import { against, sayingOf } from './evidence-words.tsx';
import { ExposurePart } from './exposure-part.tsx';
import { Newer } from './newer.tsx';
import { Runbook } from './runbook.tsx';
import { StakePart } from './stake-part.tsx';
import { ToDecision } from './to-decision.tsx';
import { useIsWhole } from './use-is-whole.ts';
import { changeWords } from './words.tsx';

/** One change: what happened, what is at stake, how to verify, and the decision on exactly what was looked at. */
export function ChangeScreen({ contactId }: { contactId: string }) {
  const w = useWords(changeWords);
  const contact = useQuery(contactQuery(contactId));
  const numbers = useQuery(numbersQuery());
  useTitle(w.title);
  return (
    <article className="change">
      <Link href="/" className="back">
        {w.back}
      </Link>
      {contact.isError && contact.data === undefined ? (
        <Failed error={contact.error} onRetry={() => void contact.refetch()} />
      ) : contact.data === undefined || numbers.isPending ? (
        <Loading /> // the names of our numbers, too, so that no line breaks anew when they come
      ) : (
        <Change contact={contact.data} onLook={() => void contact.refetch()} />
      )}
    </article>
  );
}

/** What stands there stays where it is, whatever comes: a newer change waits to be looked at, and what a decision came to takes the place of its button. */
function Change({ contact, onLook }: { contact: ContactJson; onLook: () => void }) {
  const mayDecide = may(useQuery(meQuery()).data, 'identity:decide');
  const [opened] = useState(contact.identity);
  const [seen, setSeen] = useState(contact.identity);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const { contactId, identity, profileName } = contact;
  const isAfter = outcome === null || identity.version > outcome.identity.version; // what is read may be older than our decision
  const isBlocked = identity.status === 'blocked' && isAfter;
  const isAsked = isBlocked || opened.status === 'blocked';
  const isNewer = isBlocked && identity.version !== seen.version;
  const look = () => {
    setSeen(identity);
    setOutcome(null);
  };
  const isWhole = useIsWhole(contactId, seen, isAsked && mayDecide);
  return (
    <>
      <Steady of={isBlocked ? 'blocked' : 'over'}>
        <Headline contact={contact} isBlocked={isBlocked} />
        {profileName !== null && <Name>{profileName}</Name>}
        {isBlocked ? <Cause identity={seen} /> : isAsked && <CameTo contactId={contactId} outcome={outcome} />}
      </Steady>
      {!isAsked && <Decided contactId={contactId} outcome={null} />}
      {isNewer && <Newer seen={seen} now={identity} onLooked={look} />}
      {isWhole && isBlocked && mayDecide && !isNewer && <ToDecision form={form} />}
      <div className="parts">
        <div>
          <EvidencePart identity={seen} known={opened} />
          <StakePart contact={contact} />
          <ExposurePart contactId={contactId} />
        </div>
        <div>
          {!isWhole && <Loading />}
          {isWhole && isAsked && <RunbookPart contactId={contactId} />}
          {isWhole && isAsked && (
            <Steady of={String(mayDecide)}>
              {mayDecide ? (
                <Decide
                  {...{ contactId, seen, outcome, form, isResting: isNewer, isOver: !isBlocked }}
                  onMoved={onLook}
                  onDecided={setOutcome}
                />
              ) : (
                isBlocked && <CannotDecide />
              )}
            </Steady>
          )}
        </div>
      </div>
      {isWhole && <PastOf contactId={contactId} />}
    </>
  );
}

/** How to verify, or that it could not be read, which is not the same as that there is none. */
function RunbookPart({ contactId }: { contactId: string }) {
  const runbook = useQuery(runbookForQuery(contactId));
  if (runbook.isLoadingError) return <Failed error={runbook.error} onRetry={() => void runbook.refetch()} />;
  return <Runbook text={runbook.data?.text ?? null} />;
}

const CannotDecide = () => (
  <p className="note" role="status">
    {useWords(changeWords).cannotDecide}
  </p>
);

function PastOf({ contactId }: { contactId: string }) {
  const w = useWords(changeWords);
  return (
    <Past contactId={contactId}>
      <p>
        <Link href={`/contacts/${contactId}`}>{w.toContact}</Link>
      </p>
    </Past>
  );
}

function Headline({ contact: { identifiers, identity }, isBlocked }: { contact: ContactJson; isBlocked: boolean }) {
  const w = useWords(changeWords);
  const who = <Who identifiers={identifiers} />;
  return (
    <header className="headline">
      <h1>{isBlocked ? w.headline(who) : w.decidedHeadline(who)}</h1>
      {isBlocked && <Blocked identity={identity} />}
    </header>
  );
}

/** The one red thing on the page. */
function Blocked({ identity: { blockedAt } }: { identity: IdentityView }) {
  const w = useWords(changeWords);
  return <p className="blocked">{w.blocked(blockedAt === null ? null : <Lasting at={blockedAt} />)}</p>;
}

/** What happened, as one sentence: the first thing that spoke for another holder. */
function Cause({ identity: { evidence } }: { identity: IdentityView }) {
  const { causes } = useWords(changeWords);
  const [first] = against(evidence);
  if (first === undefined) return null;
  const saying = sayingOf(first);
  return <p>{causes[saying === 'known_key_hash' ? 'other' : saying](<Moment at={first.firstAt} />)}</p>;
}

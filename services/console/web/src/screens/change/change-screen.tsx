import type { ContactJson, IdentityView } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { contactQuery, runbookForQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { Lasting, Moment, Name, Who } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { Past } from '../contact/past.tsx';
import { Decide } from './decide.tsx';
import { Decided, type Outcome } from './decided.tsx';
import { EvidencePart } from './evidence-part.tsx';
import { against, sayingOf } from './evidence-words.tsx';
import { ExposurePart } from './exposure-part.tsx';
import { Newer } from './newer.tsx';
import { Runbook } from './runbook.tsx';
import { StakePart } from './stake-part.tsx';
import { changeWords } from './words.tsx';

/** One change: what happened, what is at stake, how to verify, and the decision on exactly what was looked at. */
export function ChangeScreen({ contactId }: { contactId: string }) {
  const w = useWords(changeWords);
  const contact = useQuery(contactQuery(contactId));
  const runbook = useQuery(runbookForQuery(contactId));
  const isPending = contact.isPending || runbook.isPending; // both at once, so that neither moves the other
  useTitle(w.title);
  return (
    <article className="change">
      <Link href="/" className="back">
        {w.back}
      </Link>
      {isPending && !contact.isError && <Loading />}
      {contact.isError && contact.data === undefined && <Failed error={contact.error} onRetry={() => void contact.refetch()} />}
      {!isPending && contact.data !== undefined && (
        <Change
          contact={contact.data}
          runbook={
            runbook.isLoadingError ? (
              <Failed error={runbook.error} onRetry={() => void runbook.refetch()} />
            ) : (
              <Runbook text={runbook.data?.text ?? null} />
            )
          }
          onLook={() => void contact.refetch()}
        />
      )}
    </article>
  );
}

/** `runbook`: how to verify, or that it could not be read, which is not the same as that there is none. */
type Props = { readonly contact: ContactJson; readonly runbook: ReactNode; readonly onLook: () => void };
function Change({ contact, runbook, onLook }: Props) {
  const w = useWords(changeWords);
  const me = useQuery(meQuery()).data;
  const [seen, setSeen] = useState(contact.identity);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const { identity, profileName } = contact;
  const isBlocked = identity.status === 'blocked' && outcome === null;
  const isNewer = identity.version !== seen.version;
  return (
    <>
      <Headline contact={contact} isBlocked={isBlocked} />
      {profileName !== null && <Name>{profileName}</Name>}
      {isBlocked && <Cause identity={identity} />}
      {outcome !== null && <Decided contactId={contact.contactId} outcome={outcome} />}
      {outcome === null && identity.status !== 'blocked' && <Decided contactId={contact.contactId} outcome={null} />}
      {isBlocked && isNewer && <Newer seen={seen} now={identity} onLooked={() => setSeen(identity)} />}
      <div className="parts">
        <div>
          <EvidencePart identity={isBlocked ? identity : seen} known={isNewer ? seen : identity} />
          <StakePart contact={contact} />
          <ExposurePart contactId={contact.contactId} />
        </div>
        <div>
          {isBlocked && runbook}
          {isBlocked && me !== undefined && !may(me, 'identity:decide') && (
            <p className="note" role="status">
              {w.cannotDecide}
            </p>
          )}
          {isBlocked && may(me, 'identity:decide') && (
            <Decide contactId={contact.contactId} seen={seen} isResting={isNewer} onMoved={onLook} onDecided={setOutcome} />
          )}
        </div>
      </div>
      <Past contactId={contact.contactId}>
        <p>
          <Link href={`/contacts/${contact.contactId}`}>{w.toContact}</Link>
        </p>
      </Past>
    </>
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

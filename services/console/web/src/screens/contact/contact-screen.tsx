import type { ConsentCategory, ContactIdentifier, ContactJson } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { blockQuery, contactQuery, numbersQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { Ago, Moment, Name, Phone, Short, Who } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { OurNumber } from '../change/evidence-part.tsx';
import { queueWords } from '../queue/words.tsx';
import { ByChoice } from './by-choice.tsx';
import { Past } from './past.tsx';
import { contactWords } from './words.tsx';

/** All about one contact. */
export function ContactScreen({ contactId }: { contactId: string }) {
  const w = useWords(contactWords);
  const contact = useQuery(contactQuery(contactId));
  const parts = [contact, useQuery(numbersQuery()), useQuery(blockQuery(contactId))]; // all at once, so that none moves another
  useTitle(w.title);
  if (parts.some(({ isPending }) => isPending)) return <Loading />;
  if (contact.data === undefined) return <Failed error={contact.error} onRetry={() => void contact.refetch()} />;
  return <Contact contact={contact.data} />;
}

function Contact({ contact }: { contact: ContactJson }) {
  const w = useWords(contactWords);
  const { identity, identifiers, profileName, lastSeenAt, contactId } = contact;
  return (
    <article className="contact">
      <header className="headline">
        <h1>
          <Who identifiers={identifiers} />
        </h1>
        <p className="status" data-status={identity.status}>
          {w.status[identity.status]}
        </p>
      </header>
      {profileName !== null && <Name>{profileName}</Name>}
      {lastSeenAt !== null && <p className="quiet">{w.lastSeen(<Ago at={lastSeenAt} />)}</p>}
      {identity.status === 'blocked' && (
        <p>
          <Link className="button primary" href={`/changes/${contactId}`}>
            {w.toChange}
          </Link>
        </p>
      )}
      <div className="parts">
        <div>
          <Identifiers identifiers={identifiers} />
          <ByChoice contactId={contactId} block={contact.businessBlock} />
        </div>
        <Consents contact={contact} />
      </div>
      <Past contactId={contactId} />
    </article>
  );
}

function Identifiers({ identifiers }: { identifiers: readonly ContactIdentifier[] }) {
  const w = useWords(contactWords);
  return (
    <section>
      <h2>{w.identifiers}</h2>
      <ul>
        {identifiers.map(({ kind, value, validFrom, validTo }) => (
          <li key={`${kind} ${value} ${validFrom}`}>
            {w.kinds[kind]} {kind === 'wa_id' ? <Phone digits={value} /> : <Short>{value}</Short>}
            <small>
              {' '}
              {validFrom !== null && validTo !== null && w.held(<Moment at={validFrom} />, <Moment at={validTo} />)}
              {validFrom !== null && validTo === null && w.heldFrom(<Moment at={validFrom} />)}
              {validFrom === null && validTo !== null && w.heldTo(<Moment at={validTo} />)}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Consents({ contact: { consent, serviceWindows } }: { contact: ContactJson }) {
  const w = useWords(contactWords);
  const { categories } = useWords(queueWords);
  return (
    <div>
      <section>
        <h2>{w.consent}</h2>
        <dl className="pairs">
          {(Object.entries(consent) as [ConsentCategory, ContactJson['consent'][ConsentCategory]][]).map(
            ([category, { status, occurredAt }]) => (
              <div key={category}>
                <dt>{categories[category]}</dt>
                <dd data-status={status}>
                  {w.consentStatus[status]} {occurredAt !== null && <Ago at={occurredAt} />}
                </dd>
              </div>
            ),
          )}
        </dl>
      </section>
      <section>
        <h2>{w.windows}</h2>
        {serviceWindows.length === 0 && <p>{w.noWindow}</p>}
        <ul>
          {serviceWindows.map(({ phoneNumberId, endsAt }) => (
            <li key={phoneNumberId}>
              <OurNumber phoneNumberId={phoneNumberId} /> {w.windowUntil(<Moment at={endsAt} />)}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

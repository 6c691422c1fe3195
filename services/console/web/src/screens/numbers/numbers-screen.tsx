import type { PhoneNumberJson } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { numbersQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { Ago, Ltr, Phone } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { LimitCode, PlatformCode } from './platform-said.tsx';
import { numberWords } from './words.ts';

/** Our own numbers: whether strangers can be seen on them, and what the platform holds against them. */
export function NumbersScreen() {
  const w = useWords(numberWords);
  const numbers = useQuery(numbersQuery());
  useTitle(w.title);
  return (
    <div className="numbers">
      <h1>{w.title}</h1>
      <p className="lead">{w.lead}</p>
      {numbers.isPending && <Loading />}
      {numbers.isError && <Failed error={numbers.error} onRetry={() => void numbers.refetch()} />}
      {numbers.data?.items.length === 0 && <p className="state">{w.none}</p>}
      <ul className="cards">
        {numbers.data?.items.map((number) => (
          <li key={number.phoneNumberId ?? number.displayNumber}>
            <Card number={number} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Card({ number }: { number: PhoneNumberJson }) {
  const w = useWords(numberWords);
  const { phoneNumberId, identityCheck } = number;
  return (
    <article className="card">
      <h2>
        <NumberName number={number} />
      </h2>
      <NumberFacts number={number} />
      {identityCheck.status === 'off' && <FixIt />}
      {phoneNumberId !== null && (
        <p>
          <Link href={`/numbers/${encodeURIComponent(phoneNumberId)}`}>{w.open}</Link>
        </p>
      )}
    </article>
  );
}

/** A number of ours by its name and itself. */
export function NumberName({ number: { verifiedName, displayNumber, phoneNumberId } }: { number: PhoneNumberJson }) {
  const w = useWords(numberWords);
  return (
    <>
      {verifiedName === null ? w.unnamed : <bdi>{verifiedName}</bdi>} {displayNumber !== null && <Phone digits={displayNumber} />}
      {displayNumber === null && phoneNumberId !== null && <Ltr className="code">{phoneNumberId}</Ltr>}
    </>
  );
}

/** What is so about a number now. */
export function NumberFacts({ number }: { number: PhoneNumberJson }) {
  const w = useWords(numberWords);
  const { identityCheck, quality, messagingLimit, connection, account } = number;
  const { status, newest, lastMessageAt } = identityCheck;
  const restrictions = account?.restrictions ?? [];
  return (
    <dl className="pairs">
      <div>
        <dt>{w.check}</dt>
        <dd>
          <strong data-check={status}>{w.checks[status]}</strong>
          <small>{w.checkMeans[status]}</small>
          {newest.messages > 0 && <small>{w.ofMessages(newest.withHash, newest.messages)}</small>}
        </dd>
      </div>
      <div>
        <dt>{w.quality}</dt>
        <dd>{quality === null ? w.noQuality : w.qualities[quality.status]}</dd>
      </div>
      <div>
        <dt>{w.limit}</dt>
        <dd>{messagingLimit === null ? w.noQuality : <LimitCode>{messagingLimit.limit}</LimitCode>}</dd>
      </div>
      <div>
        <dt>{w.connection}</dt>
        <dd>{w.connections[connection.status]}</dd>
      </div>
      {restrictions.length > 0 && (
        <div>
          <dt>{w.restricted}</dt>
          <dd>
            {restrictions.map(({ restriction }) => (
              <span key={restriction} className="said">
                <PlatformCode>{restriction}</PlatformCode>
              </span>
            ))}
          </dd>
        </div>
      )}
      <div>
        <dt>{w.lastMessage}</dt>
        <dd>{lastMessageAt === null ? w.never : <Ago at={lastMessageAt} />}</dd>
      </div>
    </dl>
  );
}

/** What `doctor` would do about a number without the check. */
export function FixIt() {
  const w = useWords(numberWords);
  return (
    <p className="note">
      {w.fix} <Ltr className="code">npx keyturn doctor --fix</Ltr>
    </p>
  );
}

import type { RetainedJson } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { retentionQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { Ltr, Moment } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { SettingsNav } from '../settings/settings-nav.tsx';
import { retentionWords } from './words.tsx';

/** How long what is kept, and where that is changed: it is no setting of the page. */
export function RetentionScreen() {
  const w = useWords(retentionWords);
  const retention = useQuery(retentionQuery());
  useTitle(w.title);
  if (retention.isLoading) return <Loading />;
  return (
    <div className="settings">
      <h1>{w.title}</h1>
      <SettingsNav />
      <p className="note">{w.lead}</p>
      {retention.isError && retention.data === undefined && <Failed error={retention.error} onRetry={() => void retention.refetch()} />}
      <ul className="list">
        {retention.data?.items.map((one) => (
          <Retained key={one.what} retained={one} />
        ))}
      </ul>
    </div>
  );
}

function Retained({ retained: { what, by, name, service, days, unsetDays, goneBefore } }: { retained: RetainedJson }) {
  const w = useWords(retentionWords);
  const [long, isUntold] = [days ?? unsetDays, days === null && unsetDays !== null];
  return (
    <li className="member">
      <p>
        <strong>{what in w.what ? w.what[what as keyof typeof w.what] : w.other}</strong> · {long === null ? w.forGood : w.days(long)}
        <small>
          <br />
          {w.by[isUntold ? 'untold' : by](<Ltr className="code wrap">{name}</Ltr>, service === null ? null : <Ltr>{service}</Ltr>)}
          {goneBefore !== null && (
            <>
              <br />
              {w.goneBefore(<Moment at={goneBefore} />)}
            </>
          )}
        </small>
      </p>
    </li>
  );
}

import type { AlertJson } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { actorsQuery, alertRoutesQuery, alertRulesQuery, alertsQuery, numbersQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Failed, Loading, useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Actor } from '../../shown/actor.tsx';
import { Instead } from '../../shown/instead.tsx';
import { Ago, Moment } from '../../shown/shown.tsx';
import { StillHeading } from '../../shown/still-heading.tsx';
import { useStill } from '../../shown/use-still.ts';
import { useTitle } from '../../shown/use-title.ts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { isCounted, usePlace, Which } from './about.tsx';
import { alertWords } from './words.tsx';

const keyOf = ({ alertId }: AlertJson): string => alertId;

/** What is wrong now, who has taken it, and whether somebody is told. No alert moves away under a finger: what is over keeps its place, what is new waits. */
export function AlertsScreen() {
  const w = useWords(alertWords);
  const me = useQuery(meQuery()).data;
  const alerts = useQuery(alertsQuery());
  const isAdmin = may(me, 'admin');
  const routes = useQuery({ ...alertRoutesQuery(), enabled: isAdmin });
  const rules = useQuery(alertRulesQuery());
  const lists = [alerts, rules, routes, useQuery(actorsQuery()), useQuery(numbersQuery())];
  const { rows, fresh, showAll } = useStill(alerts.data?.items, keyOf);
  const failing = (routes.data?.items ?? []).filter(({ health }) => health.status === 'failing');
  const isNobodyPaged = rules.data?.items.every(({ rule: { kind, isOn } }) => !isOn || kind === 'digest') ?? false;
  useTitle(w.title);
  if (lists.some(({ isLoading }) => isLoading)) return <Loading />; // all at once, so that nothing moves
  return (
    <div className="alerts">
      <h1>{w.title}</h1>
      <p className="lead">{w.lead}</p>
      {alerts.isError && alerts.data === undefined && <Failed error={alerts.error} onRetry={() => void alerts.refetch()} />}
      <StillHeading title={w.open} fresh={fresh} onShow={showAll} />
      {alerts.data !== undefined && rows.length === 0 && <p className="good">{w.none}</p>}
      <ul className="list">
        {rows.map(({ row, isGone }) => (
          <Alert key={row.alertId} alert={isGone ? { ...row, status: 'resolved' } : row} />
        ))}
      </ul>
      {isNobodyPaged && <p className="note">{w.noRules}</p>}
      {routes.data?.items.length === 0 && <p className="note">{w.noRoutes}</p>}
      {failing.map(({ route: { name } }) => (
        <p key={name} className="note">
          {w.failing(
            <Link href={`/settings/routes/${name}`}>
              <bdi>{name}</bdi>
            </Link>,
          )}
        </p>
      ))}
      <p>
        <Link href="/settings/alerts">{w.set}</Link>
      </p>
    </div>
  );
}

function Alert({ alert: { alertId, status, facts, openedAt, takenAt, takenBy } }: { alert: AlertJson }) {
  const w = useWords(alertWords);
  const me = useQuery(meQuery()).data;
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  const take = useMutation({
    mutationFn: () => request('POST', `/v1/alerts/${alertId}/take`, {}),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
  const [wasOpen] = useState(status === 'open' && may(me, 'identity:decide'));
  const place = usePlace(facts);
  const { what, count, subject } = facts;
  return (
    <li className="member">
      <p>
        <strong>{what in w.what ? w.what[what as keyof typeof w.what] : w.other}</strong>
        {count !== null && isCounted(facts) && <> · {w.affected(format.format(count))}</>}
        {subject !== null && (
          <>
            {' · '}
            <Which facts={facts} />
          </>
        )}
        <br />
        <small>
          {w.since(<Moment at={facts.since ?? openedAt} />)} ·{' '}
          {takenBy === null || takenAt === null ? w.status[status] : w.takenBy(<Actor actor={takenBy} />, <Ago at={takenAt} />)}
        </small>
      </p>
      <p className="buttons">
        {place !== null && (
          <Link className="button" href={place}>
            {w.look}
          </Link>
        )}
        {status === 'open' && may(me, 'identity:decide') && (
          <Act className="primary" isBusy={take.isPending} onPress={() => take.mutate()}>
            {w.take}
          </Act>
        )}
        {status !== 'open' && wasOpen && <Instead of={w.take}>{w.status[status]}</Instead>}
      </p>
      {take.isError && <p role="alert">{faultWords(take.error)}</p>}
    </li>
  );
}

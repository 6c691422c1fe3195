import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { alertRoutesQuery, alertRulesQuery, numbersQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { SettingsNav } from '../settings/settings-nav.tsx';
import { draftOf } from './draft.ts';
import { RouteHealth } from './route-health.tsx';
import { Rules } from './rules.tsx';
import { useSaidValue } from './said-value.tsx';
import { TestRoute } from './test-route.tsx';
import { alertingWords } from './words.tsx';

/** What is looked for, whom it is told where, and whether that arrives. */
export function AlertingScreen() {
  const w = useWords(alertingWords);
  const isAdmin = may(useQuery(meQuery()).data, 'admin');
  const rules = useQuery(alertRulesQuery());
  const routes = useQuery({ ...alertRoutesQuery(), enabled: isAdmin });
  const lists = [rules, routes, useQuery(numbersQuery())];
  useTitle(w.title);
  if (lists.some(({ isLoading }) => isLoading)) return <Loading />; // all at once, so that nothing moves
  const failed = [rules, routes].find(({ isError, data }) => isError && data === undefined);
  return (
    <div className="settings">
      <h1>{w.title}</h1>
      <SettingsNav />
      <p className="lead">{w.lead}</p>
      {failed !== undefined && <Failed error={failed.error} onRetry={() => void failed.refetch()} />}
      {!isAdmin && <p className="note">{w.readOnly}</p>}
      <h2>{w.rules}</h2>
      <Rules rules={rules.data?.items ?? []} isAdmin={isAdmin} />
      <h2>{w.routes}</h2>
      {isAdmin ? <Routes /> : <p>{w.routesHidden}</p>}
    </div>
  );
}

function Routes() {
  const w = useWords(alertingWords);
  const { kinds } = useWords(alertWords);
  const said = useSaidValue();
  const routes = useQuery(alertRoutesQuery()).data?.items ?? [];
  return (
    <>
      {routes.length === 0 && <p className="note">{w.noRoutes}</p>}
      <ul className="list">
        {routes.map((route) => {
          const { name, kind } = route.route;
          const where = kind === 'email' ? 'to' : kind === 'webhook' ? 'url' : null;
          return (
            <li key={name} className="member">
              <p>
                <strong>
                  <bdi>{name}</bdi>
                </strong>{' '}
                · {kinds[kind]}
                {where !== null && <> · {said.value(where, draftOf(route.route)[where])}</>}
                <br />
                <RouteHealth route={route} />
              </p>
              <p className="buttons">
                <Link className="button" href={`/settings/routes/${name}`} aria-label={w.changeOf(name)}>
                  {w.change}
                </Link>
              </p>
              <TestRoute name={name} />
            </li>
          );
        })}
      </ul>
      <Link className="button" href="/settings/new-route">
        {w.newRoute}
      </Link>
    </>
  );
}

import type { AlertDeliveryJson, AlertRouteJson } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { Link, useLocation } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { actorsQuery, alertRoutesQuery, deliveriesQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Failed, Loading, NotFound, useFaultWords } from '../../shell/states.tsx';
import { Actor } from '../../shown/actor.tsx';
import { SecretToCome, Secret as Shown } from '../../shown/secret.tsx';
import { Ago } from '../../shown/shown.tsx';
import { Steady } from '../../shown/steady.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { Confirm } from './confirm.tsx';
import { Delivery } from './delivery.tsx';
import { type Draft, draftOf, settingOf } from './draft.ts';
import { newRoute, shownRoute } from './route-fields.ts';
import { RouteForm } from './route-form.tsx';
import { RouteHealth } from './route-health.tsx';
import { TestRoute } from './test-route.tsx';
import { type Kept, useSettingForm } from './use-setting-form.ts';
import { alertingWords } from './words.tsx';

/** One route: how it fares, what was sent by it, and its settings. Without a name, one that is to be made. */
export function RouteScreen({ name }: { name?: string }) {
  const w = useWords(alertingWords);
  const isAdmin = may(useQuery(meQuery()).data, 'admin');
  const routes = useQuery({ ...alertRoutesQuery(), enabled: isAdmin });
  const deliveries = useQuery({ ...deliveriesQuery(name ?? ''), enabled: isAdmin && name !== undefined });
  const actors = useQuery(actorsQuery());
  useTitle(w.routes);
  if ([routes, deliveries, actors].some(({ isLoading }) => isLoading)) return <Loading />; // all at once, so that nothing moves
  if (isAdmin && routes.data === undefined) return <Failed error={routes.error} onRetry={() => void routes.refetch()} />;
  const route = routes.data?.items.find((one) => one.route.name === name);
  return (
    <div className="settings">
      <Link className="back" href="/settings/alerts">
        {w.title}
      </Link>
      {!isAdmin && <p className="note">{w.routesHidden}</p>}
      {isAdmin && name !== undefined && route === undefined && <NotFound />}
      {isAdmin && name === undefined && <Making />}
      {route !== undefined && <Route route={route} sent={deliveries.data?.items ?? []} />}
    </div>
  );
}

function Making() {
  const w = useWords(alertingWords);
  const language = useLanguage();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const again = () => queries.invalidateQueries({ queryKey: ['alerts'] });
  const form = useSettingForm({
    ...{ kept: null, start: newRoute('slack', language), readAgain: () => void again() },
    save: async (draft: Draft) => {
      await request('POST', '/v1/alert-routes', settingOf(draft));
      await again();
    },
    done: ({ name }) => navigate(`/settings/routes/${name}`),
  });
  return (
    <>
      <h1>{w.newRoute}</h1>
      <RouteForm form={form} isNew />
    </>
  );
}

const keptOf = (route: AlertRouteJson): Kept => ({ ...route, draft: shownRoute(route.route.kind, draftOf(route.route)) });

function Route({ route, sent }: { route: AlertRouteJson; sent: readonly AlertDeliveryJson[] }) {
  const w = useWords(alertingWords);
  const { kinds } = useWords(alertWords);
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { name, kind } = route.route;
  const again = () => void queries.invalidateQueries({ queryKey: ['alerts'] });
  const done = () => {
    navigate('/settings/alerts');
    again();
  };
  const kept = keptOf(route);
  const form = useSettingForm({
    ...{ kept, start: kept.draft, readAgain: again, done },
    save: (draft: Draft, version) => request('PUT', `/v1/alert-routes/${name}`, { version, route: settingOf(draft) }),
  });
  return (
    <>
      <h1>
        {kinds[kind]} · <bdi>{name}</bdi>
      </h1>
      <p className="lead">{w.setBy(<Actor actor={route.setBy} />, <Ago at={route.setAt} />)}</p>
      <div className="member route-now">
        <p>
          <RouteHealth route={route} />
        </p>
        <TestRoute name={name} />
      </div>
      <RouteForm form={form} isNew={false} />
      {kind === 'webhook' && <Secret name={name} />}
      <h2>{w.deliveries}</h2>
      {sent.length === 0 && <p>{w.noDeliveries}</p>}
      <ol className="timeline">
        {sent.map((delivery) => (
          <Delivery key={delivery.deliveryId} delivery={delivery} />
        ))}
      </ol>
      <Confirm
        label={w.removeRoute}
        lead={w.removeRouteLead}
        act={() => request('DELETE', `/v1/alert-routes/${name}`)}
        done={() => {
          form.unsaved.release();
          done();
        }}
      />
    </>
  );
}

/** `whsec_` and 32 bytes. */
const SECRET_LENGTH = 50;
/** The secret by which whoever gets a webhook verifies it: read when it is asked for, since reading it is on record. */
function Secret({ name }: { name: string }) {
  const w = useWords(alertingWords);
  const faultWords = useFaultWords();
  const asked = useMutation({ mutationFn: () => request<{ secret: string }>('GET', `/v1/alert-routes/${name}/secret`) });
  return (
    <Steady of={asked.status}>
      {asked.data !== undefined && <Shown lead={w.secretLead}>{asked.data.secret}</Shown>}
      {asked.isPending && <SecretToCome lead={w.secretLead} length={SECRET_LENGTH} />}
      {asked.data === undefined && !asked.isPending && (
        <p className="buttons">
          <Button onPress={() => asked.mutate()}>{w.showSecret}</Button>
          {asked.isError && <span role="alert">{faultWords(asked.error)}</span>}
        </p>
      )}
    </Steady>
  );
}

import type { AlertRouteJson } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { alertRoutesQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { alertWords } from './words.tsx';

/** Where alerts go, and whether they arrive there. */
export function AlertRoutes() {
  const w = useWords(alertWords);
  const routes = useQuery(alertRoutesQuery()).data?.items ?? [];
  return (
    <section>
      <h2>{w.routes}</h2>
      {routes.length === 0 && <p className="note">{w.noRoutes}</p>}
      <ul className="list">
        {routes.map((route) => (
          <Route key={route.route.name} route={route} />
        ))}
      </ul>
    </section>
  );
}

function Route({ route: { route, isComplete, health } }: { route: AlertRouteJson }) {
  const w = useWords(alertWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: () => request('POST', `/v1/alert-routes/${route.name}/test`, {}),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
  const { status, failingSince, lastDeliveredAt, lastAnswer, waiting } = health;
  const at = status === 'failing' ? failingSince : lastDeliveredAt;
  return (
    <li className="member">
      <p>
        <strong>
          <bdi>{route.name}</bdi>
        </strong>{' '}
        · {w.kinds[route.kind]}
        <br />
        <small data-check={status === 'failing' ? 'off' : 'on'}>
          {w.health[status]} {at !== null && <Ago at={at} />}
        </small>
        {!isComplete && <small> · {w.incomplete}</small>}
        {waiting > 0 && <small> · {w.waiting(waiting)}</small>}
        {status === 'failing' && lastAnswer !== null && (
          <small>
            <br />
            {w.answered(<Ltr className="code wrap">{lastAnswer}</Ltr>)}
          </small>
        )}
      </p>
      <Act aria-label={w.testOf(route.name)} isBusy={test.isPending} onPress={() => test.mutate()}>
        {w.test}
      </Act>
      {test.isSuccess && <p role="status">{w.tested}</p>}
      {test.isError && <p role="alert">{faultWords(test.error)}</p>}
    </li>
  );
}

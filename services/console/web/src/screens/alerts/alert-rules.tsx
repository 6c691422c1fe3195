import { useQuery } from '@tanstack/react-query';
import { alertRulesQuery } from '../../api/queries.ts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { alertWords } from './words.tsx';

/** What is watched, and whom it is told. */
export function AlertRules() {
  const w = useWords(alertWords);
  const list = new Intl.ListFormat(localeOf[useLanguage()], { type: 'unit' });
  const rules = useQuery(alertRulesQuery()).data?.items ?? [];
  return (
    <section>
      <h2>{w.rules}</h2>
      <ul className="list">
        {rules.map(({ rule: { name, kind, isOn, routes } }) => (
          <li key={name} className="member">
            <p>
              <strong>{w.ruleKinds[kind]}</strong> · <bdi>{name}</bdi>
              <br />
              <small>
                {isOn ? w.on : w.off} · <bdi>{w.to(list.format(routes))}</bdi>
              </small>
            </p>
          </li>
        ))}
      </ul>
      <p className="quiet">{w.change}</p>
    </section>
  );
}

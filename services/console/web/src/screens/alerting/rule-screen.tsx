import type { AlertRuleJson } from '@keyturn/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { actorsQuery, alertRoutesQuery, alertRulesQuery, numbersQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Failed, Loading, NotFound } from '../../shell/states.tsx';
import { Actor } from '../../shown/actor.tsx';
import { Ago } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { Confirm } from './confirm.tsx';
import { type Draft, draftOf, settingOf } from './draft.ts';
import { newRule, shownRule } from './rule-fields.ts';
import { hereZone, RuleForm } from './rule-form.tsx';
import { RuleTerms } from './rule-terms.tsx';
import { type Kept, useSettingForm } from './use-setting-form.ts';
import { alertingWords } from './words.tsx';

/** One rule: to be read, and by whoever may, to be changed or taken away. Without a name, one that is to be made. */
export function RuleScreen({ name }: { name?: string }) {
  const w = useWords(alertingWords);
  const me = useQuery(meQuery()).data;
  const isAdmin = may(me, 'admin');
  const rules = useQuery(alertRulesQuery());
  const lists = [rules, useQuery(actorsQuery()), useQuery(numbersQuery()), useQuery({ ...alertRoutesQuery(), enabled: isAdmin })];
  useTitle(w.rules);
  if (lists.some(({ isLoading }) => isLoading)) return <Loading />; // all at once, so that nothing moves
  if (rules.data === undefined) return <Failed error={rules.error} onRetry={() => void rules.refetch()} />;
  const rule = rules.data.items.find((one) => one.rule.name === name);
  return (
    <div className="settings">
      <Link className="back" href="/settings/alerts">
        {w.title}
      </Link>
      {name !== undefined && rule === undefined && <NotFound />}
      {!isAdmin && <p className="note">{w.readOnly}</p>}
      {!isAdmin && rule !== undefined && <RuleTerms rule={rule.rule} />}
      {isAdmin && name === undefined && <Setting rule={null} />}
      {isAdmin && rule !== undefined && <Setting rule={rule} />}
    </div>
  );
}

const keptOf = (rule: AlertRuleJson): Kept => ({ ...rule, draft: shownRule(rule.rule.kind, draftOf(rule.rule)) });

function Setting({ rule }: { rule: AlertRuleJson | null }) {
  const w = useWords(alertingWords);
  const { ruleKinds } = useWords(alertWords);
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const routes = useQuery(alertRoutesQuery()).data?.items ?? [];
  const again = () => void queries.invalidateQueries({ queryKey: ['alerts'] });
  const done = () => {
    navigate('/settings/alerts');
    again();
  };
  const kept = rule === null ? null : keptOf(rule);
  const form = useSettingForm({
    ...{ kept, start: kept?.draft ?? newRule('identity_changes', hereZone()), readAgain: again, done },
    save: (draft: Draft, version) =>
      version === null
        ? request('POST', '/v1/alert-rules', settingOf(draft))
        : request('PUT', `/v1/alert-rules/${draft.name}`, { version, rule: settingOf(draft) }),
  });
  if (rule === null)
    return (
      <>
        <h1>{w.newRule}</h1>
        <RuleForm form={form} isNew routes={routes} />
      </>
    );
  const { name, kind } = rule.rule;
  return (
    <>
      <h1>{ruleKinds[kind]}</h1>
      <p className="lead">
        <bdi>{name}</bdi> · {w.setBy(<Actor actor={rule.setBy} />, <Ago at={rule.setAt} />)}
      </p>
      <RuleForm form={form} isNew={false} routes={routes} />
      <Confirm
        label={w.removeRule}
        lead={w.removeRuleLead}
        act={() => request('DELETE', `/v1/alert-rules/${name}`)}
        done={() => {
          form.unsaved.release();
          done();
        }}
      />
    </>
  );
}

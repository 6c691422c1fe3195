import type { AlertRuleJson } from '@keyturn/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { request } from '../../api/request.ts';
import { useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { Confirm } from './confirm.tsx';
import { draftOf, type Typed } from './draft.ts';
import { escalationWords } from './escalation-words.ts';
import { useSaidValue } from './said-value.tsx';
import { alertingWords } from './words.tsx';

/** What is looked for, one line a rule; whoever may, switches it on or off and goes on to change it. */
export function Rules({ rules, isAdmin }: { rules: readonly AlertRuleJson[]; isAdmin: boolean }) {
  const w = useWords(alertingWords);
  return (
    <>
      {rules.length === 0 && <p className="note">{w.noRules}</p>}
      <ul className="list">
        {rules.map((one) => (
          <Rule key={one.rule.name} rule={one} isAdmin={isAdmin} />
        ))}
      </ul>
      {isAdmin && (
        <Link className="button" href="/settings/new-rule">
          {w.newRule}
        </Link>
      )}
    </>
  );
}

/** Of these a line says nothing: they stand elsewhere in it, or are in the whole rule alone. */
const passedOver = /^(kind|name|isOn|waitSeconds|updateMinutes|repageMinutes|escalate\.\d+\.afterMinutes)$/;
/** Whom it is told, which stands after what is looked for. */
const whom = /^(routes|escalate\.\d+\.routes)$/;
/** What narrows nothing down. */
const isNothing = (path: string, typed: Typed): boolean =>
  (path === 'when.atLeast' && typed === '1') || (path === 'when.undecidedForMinutes' && typed === '0');

function Rule({ rule: { rule, version }, isAdmin }: { rule: AlertRuleJson; isAdmin: boolean }) {
  const w = useWords(alertingWords);
  const { ruleKinds } = useWords(alertWords);
  const { afterMinutes } = useWords(escalationWords);
  const said = useSaidValue(rule.kind);
  const queries = useQueryClient();
  const draft = draftOf(rule);
  const terms = Object.entries(draft)
    .filter(([path, typed]) => !passedOver.test(path) && !isNothing(path, typed))
    .sort(([one], [other]) => Number(whom.test(one)) - Number(whom.test(other)));
  const label = (path: string) => {
    const [, step] = /^escalate\.(\d+)\.routes$/.exec(path) ?? [];
    return step === undefined ? said.label(path) : afterMinutes(Number(draft[`escalate.${step}.afterMinutes`]));
  };
  const again = () => void queries.invalidateQueries({ queryKey: ['alerts'] });
  const put = () => request('PUT', `/v1/alert-rules/${rule.name}`, { version, rule: { ...rule, isOn: !rule.isOn } });
  return (
    <li className="member">
      <p>
        <strong>{ruleKinds[rule.kind]}</strong> · <bdi>{rule.name}</bdi> · {rule.isOn ? w.on : <strong>{w.off}</strong>}
        {terms.map(([path, typed]) => (
          <small key={path}>
            <br />
            {label(path)}: {said.value(path, typed)}
          </small>
        ))}
      </p>
      <div className="buttons">
        <Link className="button" href={`/settings/rules/${rule.name}`} aria-label={(isAdmin ? w.changeOf : w.lookAt)(rule.name)}>
          {isAdmin ? w.change : w.look}
        </Link>
        {isAdmin && <Switch isOn={rule.isOn} name={rule.name} put={put} done={again} />}
      </div>
    </li>
  );
}

function Switch({ isOn, name, put, done }: { isOn: boolean; name: string; put: () => Promise<unknown>; done: () => void }) {
  const w = useWords(alertingWords);
  const label = isOn ? w.switchOff : w.switchOn;
  return <Confirm label={label} of={`${label}: ${name}`} lead={isOn ? w.switchOffLead : w.switchOnLead} act={put} done={done} />;
}

import type { AlertRule } from '@keyturn/contracts';
import { useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { draftOf } from './draft.ts';
import { useSaidValue } from './said-value.tsx';

/** All that a rule says, for whoever may not change it. */
export function RuleTerms({ rule }: { rule: AlertRule }) {
  const { ruleKinds } = useWords(alertWords);
  const said = useSaidValue(rule.kind);
  const { kind: _heading, ...terms } = draftOf(rule);
  return (
    <>
      <h1>{ruleKinds[rule.kind]}</h1>
      <dl className="pairs">
        {Object.entries(terms).map(([path, typed]) => (
          <div key={path}>
            <dt>{said.label(path)}</dt>
            <dd>{said.value(path, typed)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

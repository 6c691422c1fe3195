import type { AlertRouteJson } from '@keyturn/contracts';
import { groupedNumber } from '@keyturn/domain/grouped-number';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { numbersQuery } from '../../api/queries.ts';
import { useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { queueWords } from '../queue/words.tsx';
import { stepsIn, withoutStep, withStep } from './draft.ts';
import { ChoiceRow, FaultLine, TextRow, TickRow, TicksRow, useSayings } from './rows.tsx';
import { conditionsOf, newRule, type Row as RowOf, type RuleKind, ruleKinds } from './rule-fields.ts';
import { SettingFrame } from './setting-frame.tsx';
import type { SettingForm } from './use-setting-form.ts';
import { alertingWords } from './words.tsx';

const STEPS_MAX = 5;
/** Where this browser is. */
export const hereZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

type Props = { readonly form: SettingForm; readonly isNew: boolean; readonly routes: readonly AlertRouteJson[] };
type Options = readonly (readonly [string, string])[];

/** What a rule looks for, whom it tells, how often, and what follows when nobody takes it. */
export function RuleForm({ form, isNew, routes }: Props) {
  const w = useWords(alertingWords);
  const kind = form.draft.kind as RuleKind;
  const fitting = routes.filter(({ route }) => kind !== 'digest' || route.kind === 'email');
  const names: Options = fitting.map(({ route: { name } }) => [name, name]);
  return (
    <SettingFrame form={form} isNew={isNew}>
      {isNew && <KindAndName form={form} />}
      <TickRow form={form} path="isOn" />
      <h2>{w.what}</h2>
      {conditionsOf[kind].length === 0 && <p className="quiet">{w.everything}</p>}
      {conditionsOf[kind].map(([path, row]) => (
        <Condition key={path} form={form} path={path} row={row} />
      ))}
      <h2>{w.whom}</h2>
      <TicksRow form={form} path="routes" options={names} />
      {kind !== 'digest' && (
        <>
          <ChoiceRow form={form} path="severity" options={Object.entries(w.severities)} />
          <h2>{w.when}</h2>
          {['waitSeconds', 'updateMinutes', 'repageMinutes'].map((path) => (
            <TextRow key={path} form={form} path={path} type="number" />
          ))}
          <Escalation form={form} names={names} />
        </>
      )}
    </SettingFrame>
  );
}

/** Another kind begins anew, but for whom it tells. */
function KindAndName({ form }: { form: SettingForm }) {
  const { ruleKinds: words } = useWords(alertWords);
  const begin = (kind: RuleKind) => {
    const { routes, name } = form.draft;
    const begun = newRule(kind, hereZone());
    const isOwn = !ruleKinds.some((one) => newRule(one, '').name === name);
    form.setAll({ ...begun, routes: routes ?? [], ...(isOwn && name !== undefined ? { name } : {}) });
  };
  const choosing = { ...form, set: (_path: string, typed: unknown) => begin(typed as RuleKind) };
  return (
    <>
      <ChoiceRow form={choosing} path="kind" options={ruleKinds.map((one) => [one, words[one]])} />
      <TextRow form={form} path="name" />
    </>
  );
}

function Condition({ form, path, row }: { form: SettingForm; path: string; row: RowOf }) {
  const queue = useWords(queueWords);
  const numbers = useQuery(numbersQuery()).data?.items ?? [];
  if (row === 'number' || row === 'time') return <TextRow form={form} path={path} type={row} />;
  if (row === 'zone') return <ChoiceRow form={form} path={path} options={zones(String(form.draft[path]))} lang="en" />;
  const ours = numbers.flatMap(({ phoneNumberId, verifiedName, displayNumber }) =>
    phoneNumberId === null
      ? []
      : [
          [
            phoneNumberId,
            <bdi key={phoneNumberId}>{verifiedName ?? (displayNumber ? groupedNumber(displayNumber) : phoneNumberId)}</bdi>,
          ] as const,
        ],
  );
  const options = { signals: Object.entries(queue.signals), categories: Object.entries(queue.categories), numbers: ours };
  return <TicksRow form={form} path={path} options={options[row]} />;
}

function zones(chosen: string): Options {
  const all = new Set([chosen, 'UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...all].sort().map((zone) => [zone, zone.replaceAll('_', ' ')]);
}

function Escalation({ form, names }: { form: SettingForm; names: Options }) {
  const w = useWords(alertingWords);
  const { fault } = useSayings({ form, path: 'escalate' });
  const steps = stepsIn(form.draft);
  return (
    <>
      <h2>{w.steps}</h2>
      {steps === 0 && <p className="quiet">{w.noSteps}</p>}
      {Array.from({ length: steps }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is what stands at its place
        <fieldset key={i} className="card step-of-escalation">
          <legend>{w.step(i + 1)}</legend>
          <TextRow form={form} path={`escalate.${i}.afterMinutes`} type="number" />
          <TicksRow form={form} path={`escalate.${i}.routes`} options={names} />
          <Button onPress={() => form.setAll(withoutStep(form.draft, i))}>{w.dropStep(i + 1)}</Button>
        </fieldset>
      ))}
      {fault !== undefined && <FaultLine>{fault}</FaultLine>}
      {steps < STEPS_MAX && (
        <p>
          <Button onPress={() => form.setAll(withStep(form.draft))}>{w.addStep}</Button>
        </p>
      )}
    </>
  );
}

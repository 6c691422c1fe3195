import { useState } from 'react';
import { useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { newRoute, type RouteKind, regions, routeKinds, secretOf } from './route-fields.ts';
import { ChoiceRow, TextRow } from './rows.tsx';
import { SettingFrame } from './setting-frame.tsx';
import type { SettingForm } from './use-setting-form.ts';
import { alertingWords } from './words.tsx';

type Props = { readonly form: SettingForm; readonly isNew: boolean };

/** Where somebody is told, and in which language. A secret is put in and never shown. */
export function RouteForm({ form, isNew }: Props) {
  const w = useWords(alertingWords);
  const kind = form.draft.kind as RouteKind;
  const secret = secretOf[kind];
  return (
    <SettingFrame form={form} isNew={isNew}>
      {isNew && <KindAndName form={form} />}
      {kind === 'email' && <TextRow form={form} path="to" lines={3} />}
      {kind === 'webhook' && <TextRow form={form} path="url" lines={2} />}
      {secret !== null && <TextRow form={form} path={secret} hint={isNew ? w.secretHints[secret] : w.secretKept} />}
      {kind === 'pagerduty' && <Region form={form} />}
      {kind === 'webhook' && !isNew && <TextRow form={form} path="secretVersion" type="number" />}
      <ChoiceRow form={form} path="language" options={Object.entries(w.languages)} />
    </SettingFrame>
  );
}

function KindAndName({ form }: { form: SettingForm }) {
  const { kinds } = useWords(alertWords);
  const begin = (kind: RouteKind) => {
    const { name, language } = form.draft;
    const isOwn = !routeKinds.some((one) => one === name);
    form.setAll({ ...newRoute(kind, String(language)), ...(isOwn && name !== undefined ? { name } : {}) });
  };
  const choosing = { ...form, set: (_path: string, typed: unknown) => begin(typed as RouteKind) };
  return (
    <>
      <ChoiceRow form={choosing} path="kind" options={routeKinds.map((one) => [one, kinds[one]])} />
      <TextRow form={form} path="name" />
    </>
  );
}

/** By PagerDuty's service region; any other address that the API has set stands beside them. */
function Region({ form }: { form: SettingForm }) {
  const w = useWords(alertingWords);
  const [begun] = useState(String(form.draft.url));
  const others = Object.values<string>(regions).includes(begun) ? [] : [[begun, w.regions.other] as const];
  return (
    <ChoiceRow form={form} path="url" label={w.region} options={[[regions.us, w.regions.us], [regions.eu, w.regions.eu], ...others]} />
  );
}

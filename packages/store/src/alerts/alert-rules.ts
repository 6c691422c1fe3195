import { type AlertRule, type AlertRuleJson, AppError, invalidField } from '@keyturn/contracts';
import type { Tx } from '../database.ts';
import { recordSetting } from './record-setting.ts';

type Row = { version: number; rule: AlertRule; set_by: string; set_at: Date };
const toJson = ({ version, rule, set_by, set_at }: Row): AlertRuleJson => ({ version, rule, setBy: set_by, setAt: set_at.toISOString() });
const COLUMNS = 'version, rule, set_by, set_at';

/** Who sets it, when, and from when on it counts. */
export type Setting = { readonly actor: string; readonly at: Date };

/** All rules, by name. */
export async function listAlertRules(tx: Tx): Promise<AlertRuleJson[]> {
  const { rows } = await tx.query<Row>({ name: 'alerts.rules', text: `select ${COLUMNS} from alert_rule order by name` });
  return rows.map(toJson);
}

/** Makes a rule, looked at from now on. Throws `alert.conflict` where one has its name, `request.invalid` where a route that it names is not there. In
 *  the caller's transaction. */
export async function createAlertRule(tx: Tx, rule: AlertRule, { actor, at }: Setting): Promise<AlertRuleJson> {
  await requireRoutes(tx, rule, '');
  const { rows } = await tx.query<Row>({
    name: 'alerts.create-rule',
    text: `insert into alert_rule (name, version, rule, set_by, set_at, next_look_at)
           values ($1, 1 + coalesce((select max(version) from alert_setting where kind = 'rule' and name = $1), 0), $2, $3, $4, $4)
           on conflict do nothing returning ${COLUMNS}`,
    values: [rule.name, JSON.stringify(rule), actor, at],
  });
  if (rows[0] === undefined) throw nameTaken(`A rule is called ${rule.name} already. PUT /v1/alert-rules/${rule.name} changes it.`);
  await recordSetting(tx, { kind: 'rule', name: rule.name, version: rows[0].version, setting: rule, actor, at });
  return toJson(rows[0]);
}

/** Puts a rule in the place of the one that was seen. Where it looks for something else, what it had open ends. Throws `alert.not_found`; `alert.conflict` with
 *  the present one where that is another; `request.invalid`. In the caller's transaction. */
export async function setAlertRule(
  tx: Tx,
  name: string,
  { version, rule }: { readonly version: number; readonly rule: AlertRule },
  { actor, at }: Setting,
): Promise<AlertRuleJson> {
  if (rule.name !== name) throw invalidField('rule.name', `is ${name} for good. Make another rule for another name.`, 'for_good');
  await requireRoutes(tx, rule, 'rule.');
  const { rows } = await tx.query<Row>({
    name: 'alerts.set-rule',
    text: `update alert_rule set version = version + 1, rule = $3, set_by = $4, set_at = $5, next_look_at = $5, pulse = null, due_at = null
           where name = $1 and version = $2 returning ${COLUMNS}`,
    values: [name, version, JSON.stringify(rule), actor, at],
  });
  if (rows[0] === undefined) throw await movedOn(tx, name);
  await recordSetting(tx, { kind: 'rule', name, version: rows[0].version, setting: rule, actor, at });
  return toJson(rows[0]);
}

/** Takes a rule away. Throws `alert.not_found`. In the caller's transaction. */
export async function deleteAlertRule(tx: Tx, name: string, { actor, at }: Setting): Promise<void> {
  const { rows } = await tx.query<{ version: number }>('delete from alert_rule where name = $1 returning version', [name]);
  if (rows[0] === undefined) throw noRule();
  await recordSetting(tx, { kind: 'rule', name, version: rows[0].version, setting: null, actor, at });
}

const noRule = () => new AppError('alert.not_found', 'No rule has this name. GET /v1/alert-rules lists them.');

async function movedOn(tx: Tx, name: string): Promise<AppError> {
  const { rows } = await tx.query<Row>(`select ${COLUMNS} from alert_rule where name = $1`, [name]);
  if (rows[0] === undefined) return noRule();
  const detail = { reason: 'moved_on', present: toJson(rows[0]) };
  return new AppError('alert.conflict', 'Somebody else set this rule since. Look at `present`, and send yours with its version.', {
    detail,
  });
}

/** Another has the name. */
export const nameTaken = (message: string): AppError =>
  new AppError('alert.conflict', message, {
    detail: { reason: 'name_taken', errors: [{ field: 'name', rule: 'is taken', code: 'taken' }] },
  });

/** The routes stay while the transaction lasts, so none goes that a rule names. */
async function requireRoutes(tx: Tx, rule: AlertRule, within: '' | 'rule.'): Promise<void> {
  const lists: (readonly [field: string, names: readonly string[]])[] = [
    [`${within}routes`, rule.routes],
    ...('escalate' in rule ? rule.escalate.map(({ routes }, i) => [`${within}escalate.${i}.routes`, routes] as const) : []),
  ];
  const { rows } = await tx.query<{ name: string; kind: string }>(
    `select name, route->>'kind' as kind from alert_route where name = any($1::text[]) order by name for share`,
    [[...new Set(lists.flatMap(([, names]) => names))]],
  );
  for (const [field, names] of lists) {
    const missing = names.find((name) => !rows.some((row) => row.name === name));
    if (missing !== undefined)
      throw invalidField(field, `no route is called ${missing}. POST /v1/alert-routes makes one.`, 'no_such_route');
  }
  const unfit = rule.kind === 'digest' ? rows.find(({ kind }) => kind !== 'email') : undefined;
  if (unfit !== undefined)
    throw invalidField(`${within}routes`, `a digest goes by e-mail, and ${unfit.name} is ${unfit.kind}.`, 'not_email');
}

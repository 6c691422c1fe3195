import { AlertRulesPage } from '@keyturn/contracts';
import type { Console } from '../../console/connect.ts';
import { exitCodes } from '../../exit-codes.ts';
import { failure } from '../../failure.ts';

/** Makes a rule, or changes the one of the name: what is not wanted otherwise stays, unless it becomes one of another kind. Answers what the console does. */
export async function putRule(call: Console, name: string, wanted: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { items } = AlertRulesPage.parse(await call('GET', '/v1/alert-rules'));
  const there = items.find(({ rule }) => rule.name === name);
  if (there === undefined) {
    if (wanted.kind === undefined) throw failure(exitCodes.usage, `No rule is called ${name} yet: give --kind to make it.`);
    return call('POST', '/v1/alert-rules', { ...wanted, name });
  }
  const isOfKind = wanted.kind === undefined || wanted.kind === there.rule.kind;
  const rule = { ...(isOfKind ? there.rule : {}), ...wanted, name };
  return call('PUT', `/v1/alert-rules/${encodeURIComponent(name)}`, { version: there.version, rule });
}

import { PhoneNumberDetailJson } from '@keyturn/contracts';
import type { Console } from '../console/connect.ts';
import { exitCodes } from '../exit-codes.ts';
import { exitOf } from '../failure.ts';
import type { Numbered } from './account.ts';
import { type Finding, good } from './finding.ts';

const CHECK = 'past the gate';
const WHY =
  'Nothing judged them: they may have gone to a stranger. Whatever sends them has a token of the platform: point it at the gate (docs/gate.md), and let the gate alone hold one: keyturn tokens set --number <id>.';

/** Looks, by the console, at what each number sent past the gate in the last 30 days; a number of which it has not heard sent nothing through the gate yet, and
 *  is left out. Where the console does not answer that is one finding. */
export async function lookAtGate(call: Console, numbers: readonly Numbered[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { id, name } of numbers) {
    try {
      const { gate = [] } = PhoneNumberDetailJson.parse(await call('GET', `/v1/phone-numbers/${encodeURIComponent(id)}`));
      findings.push(finding(name, gate));
    } catch (error) {
      if (exitOf(error) === exitCodes.notFound) continue;
      return [...findings, unseen((error as Error).message)];
    }
  }
  return findings;
}

function finding(about: string, gate: NonNullable<PhoneNumberDetailJson['gate']>): Finding {
  const days = gate.filter(({ ungated }) => ungated > 0);
  const [last, first] = [days[0], days.at(-1)];
  if (last === undefined || first === undefined)
    return good(about, CHECK, gate.length === 0 ? 'nothing goes through it' : 'nothing went past it');
  const messages = days.reduce((sum, { ungated }) => sum + ungated, 0);
  return { about, check: CHECK, state: 'bad', found: `${messages} sent since ${first.day}, the last on ${last.day}`, why: WHY };
}

const unseen = (reason: string): Finding => ({
  ...{ about: 'gate', check: CHECK, state: 'unreadable', found: `can't be read: the console does not say. ${reason}` },
  why: 'What is sent past the gate is judged by nobody.',
});

import type { Console } from '../console/connect.ts';
import type { Progress } from '../text/progress.ts';
import { lookAtAccount, numbersOf } from './account.ts';
import { lookAtApp } from './app.ts';
import type { Doors, Finding } from './finding.ts';
import { lookAtGate } from './gate.ts';
import { lookAtNumber } from './number.ts';
import type { Token } from './token.ts';

/** Fewer are looked at in a moment. */
const SHOWN_FROM = 10;

/** Looks at the app, at each of these accounts with all its numbers, and, by the console, at what these send past the gate; and shows how far it is where
 *  there are many. */
export async function lookAtAll(
  doors: Doors,
  { appId }: Token,
  wabaIds: readonly string[],
  call: Console,
  progressOf: (label: string, total: number) => Progress,
): Promise<Finding[]> {
  const findings: Finding[] = [...(await lookAtApp(doors, appId)).findings];
  for (const wabaId of wabaIds) {
    findings.push(...(await lookAtAccount(doors, wabaId, appId)));
    const numbers = await numbersOf(doors, wabaId);
    if ('state' in numbers) {
      findings.push(numbers);
      continue;
    }
    const bar = numbers.length < SHOWN_FROM ? null : progressOf(`numbers of account ${wabaId}`, numbers.length);
    for (const [i, number] of numbers.entries()) {
      findings.push(...(await lookAtNumber(doors, number)));
      bar?.update(i + 1);
    }
    bar?.stop();
    findings.push(...(await lookAtGate(call, numbers)));
  }
  return findings;
}

import { checkApplied } from './check-applied.ts';
import { checkKept } from './check-kept.ts';
import { checkState } from './check-state.ts';
import { checkReleases, checkTold } from './check-told.ts';
import { type Findings, newFindings } from './findings.ts';
import type { Line } from './line.ts';
import type { Load } from './load.ts';
import { settled } from './recovery.ts';

/** Holds the line to everything that it promised the load, once nothing is left to apply or to publish. */
export async function checkAll(line: Line, { ledger, people }: Load, strangers: ReadonlySet<string>): Promise<Findings> {
  await settled(line);
  const findings = newFindings();
  await checkKept(line, ledger, strangers, findings);
  await checkApplied(line, strangers.size, findings);
  await checkState(line, people, findings);
  await checkTold(line, findings);
  await checkReleases(line, ledger, findings);
  return findings;
}

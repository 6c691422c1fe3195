import type { Colors } from '../text/colors.ts';
import { plain } from '../text/plain.ts';
import type { Finding } from './finding.ts';

const marks = { good: '✓', bad: '✗', unreadable: '?' } as const;

/** What was found, each with why it matters and what `--fix` would do. */
export function findingsText(findings: readonly Finding[], colors: Colors): string[] {
  const byAbout = Map.groupBy(findings, ({ about }) => about);
  return [...byAbout].flatMap(([about, mine]) => [plain(about), ...mine.flatMap((one) => findingText(one, colors)), '']);
}

function findingText({ check, state, found, why, fix }: Finding, colors: Colors): string[] {
  const line = plain(`  ${marks[state]} ${check}: ${found}`);
  const shown = state === 'bad' ? colors.red(line) : state === 'unreadable' ? colors.yellow(line) : line;
  return [shown, ...(why === '' ? [] : [plain(`      ${why}`)]), ...(fix === undefined ? [] : [plain(`      --fix would ${fix.says}`)])];
}

import { spawnSync } from 'node:child_process';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../infra/prometheus');
const STEPS = [
  ['check', 'rules', 'alerts.yaml'],
  ['test', 'rules', 'alerts.test.yaml', 'alerts-long.test.yaml'],
];

/** What Prometheus' own promtool (`PROMTOOL`, else on the PATH) says of the alert rules and their unit tests: its complaints, none where all is well.
 *  `absent`: it is not there, so their syntax and names were tested, and when they fire was not. */
export function checkAlertRules(env: NodeJS.ProcessEnv): { absent: boolean; complaints: string[] } {
  const promtool = env.PROMTOOL || 'promtool';
  const runs = STEPS.map((args) => spawnSync(promtool, args, { cwd: folder, encoding: 'utf8' }));
  if (runs.some(({ error }) => (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')) return { absent: true, complaints: [] };
  return { absent: false, complaints: runs.filter(({ status }) => status !== 0).map(({ stdout, stderr }) => `${stdout}${stderr}`) };
}

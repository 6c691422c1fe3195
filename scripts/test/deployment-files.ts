import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const infra = path.join(import.meta.dirname, '../../infra');
const FOLDERS = ['services', 'jobs', 'example/services', 'example/jobs'];
/** The oldest Kubernetes that docs/deploy.md names, and the newest that was looked at. */
const KUBERNETES = ['1.30', '1.37'];

/** What a tool said that is no praise; null: it is not on this machine. */
type Said = { readonly out: string; readonly complaint: string } | null;
/** What the deployment's own tools say of infra/: the complaints of those that are here, and which are not. */
export type DeploymentFindings = { readonly absent: readonly string[]; readonly complaints: readonly string[] };

/** Looks at the Dockerfile by hadolint, builds each folder of infra/k8s as `kubectl apply -k` does, and holds what comes of it to the schemas of Kubernetes by
 *  kubernetes-validate. Each is found on the PATH, or where HADOLINT, KUBECTL and KUBERNETES_VALIDATE say. */
export function checkDeploymentFiles(env: NodeJS.ProcessEnv, folder = infra): DeploymentFindings {
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-built-'));
  try {
    const linted = ask('hadolint', env.HADOLINT, ['--no-color', '--failure-threshold', 'warning', path.join(folder, 'Dockerfile')]);
    const built = FOLDERS.map((name) => ask('kubectl', env.KUBECTL, ['kustomize', path.join(folder, 'k8s', name)]));
    const files = built.flatMap((said, i) => {
      const file = path.join(dir, `${FOLDERS[i]?.replace('/', '-')}.yaml`);
      if (said === null || said.complaint !== '') return [];
      writeFileSync(file, said.out);
      return [file];
    });
    const versions = files.length === 0 ? [] : KUBERNETES;
    const valid = versions.map((version) =>
      ask('kubernetes-validate', env.KUBERNETES_VALIDATE, ['--strict', '--quiet', '-k', version, ...files]),
    );
    const asked: readonly [string, readonly Said[]][] = [
      ['hadolint', [linted]],
      ['kubectl', built],
      ['kubernetes-validate', valid],
    ];
    return {
      absent: asked.filter(([, said]) => said.includes(null) || said.length === 0).map(([name]) => name),
      complaints: asked.flatMap(([name, said]) => said.flatMap((one) => (one?.complaint ? [`${name}: ${one.complaint}`] : []))),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function ask(name: string, place: string | undefined, args: readonly string[]): Said {
  const { error, status, stdout, stderr } = spawnSync(place || name, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return null;
  return { out: stdout, complaint: status === 0 ? '' : `${stderr}${stdout}`.trim() || `${error ?? `ended with ${status}`}` };
}

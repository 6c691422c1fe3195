import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** One process as a file deploys it. */
export type Workload = {
  readonly where: string;
  /** What the image is given: a service's name, or a command. */
  readonly args: readonly string[];
  /** Every variable that it gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Paths under which it finds secrets. */
  readonly secretPaths: readonly string[];
  readonly ports: readonly number[];
};
type Pod = { containers: Container[]; volumes?: { name: string; secret?: { secretName: string } }[] };
type Container = {
  args: string[];
  env?: { name: string; value: string }[];
  envFrom?: { configMapRef: { name: string } }[];
  ports?: { containerPort: number }[];
  volumeMounts?: { name: string; mountPath: string }[];
};
type Labels = { readonly matchLabels: Readonly<Record<string, string>> };
type Manifest = {
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  spec?: { template?: { spec: Pod }; podSelector?: Labels; egress?: { ports?: { port: number }[] }[] };
};
type ComposeService = { image: string; command?: string[]; environment?: Record<string, string>; secrets?: string[]; ports?: string[] };

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, file), 'utf8');
const manifestsOf = (file: string): Manifest[] => parseAllDocuments(read(file)).map((document) => document.toJS() as Manifest);

/** The resources that a kustomization lists, those of other kustomizations too. */
export function kustomized(folder: string): Manifest[] {
  const { resources } = parse(read(path.join(folder, 'kustomization.yaml'))) as { resources: string[] };
  return resources.flatMap((name) => {
    const file = path.join(folder, name);
    return name.endsWith('.yaml') ? manifestsOf(file) : kustomized(file);
  });
}

/** The processes of a kustomization, each with what its config maps say; `more` outweighs the config maps of these names. */
export function kubernetesWorkloads(folder: string, more: readonly Manifest[] = []): Workload[] {
  const manifests = kustomized(folder);
  const configOf = (name: string) =>
    Object.assign(
      {},
      ...[...manifests, ...more].filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name).map(({ data }) => data),
    );
  return manifests.flatMap(({ kind, metadata, spec }) => {
    const pod = spec?.template?.spec;
    return (pod?.containers ?? []).map((container) => ({
      where: `${folder} ${kind} ${metadata.name}`,
      args: container.args,
      env: Object.assign(
        {},
        ...(container.envFrom ?? []).map(({ configMapRef }) => configOf(configMapRef.name)),
        ...(container.env ?? []).map(({ name, value }) => ({ [name]: value })),
      ) as Record<string, string>,
      secretPaths: (container.volumeMounts ?? []).map(({ mountPath }) => `${mountPath}/`),
      ports: (container.ports ?? []).map(({ containerPort }) => containerPort),
    }));
  });
}

/** The processes of compose.yaml that are ours. */
export function composeWorkloads(): Workload[] {
  const { services } = parse(read('compose.yaml'), { merge: true }) as { services: Record<string, ComposeService> };
  return Object.entries(services)
    .filter(([, { image }]) => image === 'keyturn')
    .map(([name, { command = [], environment = {}, secrets = [], ports = [] }]) => ({
      where: `compose ${name}`,
      args: command,
      env: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolated(value)])),
      secretPaths: secrets.map((secret) => `/run/secrets/${secret}`),
      ports: ports.map((port) => Number(port.split(':').at(-1))),
    }));
}

/** As compose reads it where nobody set anything. */
const interpolated = (value: string): string => value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

/** The ports that a deployment may reach, as the network policies say. */
export function portsReached(name: string): number[] {
  const manifests = kustomized('k8s/services');
  const labels = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name)?.metadata.labels ?? {};
  const ports = manifests
    .filter(({ kind, spec }) => kind === 'NetworkPolicy' && isPartOf(spec?.podSelector?.matchLabels ?? {}, labels))
    .flatMap(({ spec }) => (spec?.egress ?? []).flatMap((rule) => (rule.ports ?? []).map(({ port }) => port)));
  return [...new Set(ports)].sort((a, b) => a - b);
}
const isPartOf = (some: Readonly<Record<string, string>>, all: Readonly<Record<string, string>>): boolean =>
  Object.entries(some).every(([name, value]) => all[name] === value);

/** The instructions of the Dockerfile's stages, in their order. */
export function dockerfile(): { readonly instruction: string; readonly rest: string }[] {
  return read('Dockerfile')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => ({ instruction: line.split(' ')[0] as string, rest: line.slice(line.indexOf(' ') + 1) }));
}

/** What .dockerignore leaves out. */
export const dockerIgnored = (): string[] =>
  read('Dockerfile.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** The example's own settings. */
export const exampleSettings = (): Manifest[] => ['kafka', 'console'].flatMap((name) => manifestsOf(`k8s/example/settings/${name}.yaml`));

/** The rows of every table of a page under docs/, each as its cells. */
export const documentRows = (page: string): string[][] =>
  read(`../docs/${page}`)
    .split('\n')
    .filter((line) => /^ *\|/.test(line))
    .map((line) =>
      line
        .trim()
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.trim()),
    );

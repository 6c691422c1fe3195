import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { adminEnv, kafkaEnv } from '@keyturn/runtime';
import { ConsumerEnv, databaseEnv, RelayEnv } from '@keyturn/store';
import { z } from 'zod';
import { accessSettings } from '../services/console/src/access/settings.ts';
import { alertSettings } from '../services/console/src/alerts/settings.ts';
import { Env as ConsoleEnv, loadConfig } from '../services/console/src/config.ts';
import { UNSET_DAYS } from '../services/console/src/routes/retention.route.ts';
import { Env as GateEnv } from '../services/gate/src/config.ts';
import { Env as IngressEnv } from '../services/ingress/src/config.ts';
import {
  composeWorkloads,
  dockerfile,
  documentRows,
  exampleSettings,
  kubernetesWorkloads,
  kustomized,
  portsReached,
  type Workload,
} from './workloads.fixture.ts';

const admin = z.object(adminEnv);
const { DATABASE_CONNECTIONS_MAX: _, ...oneConnection } = databaseEnv;
/** Everything that a process may be told, by what the image is given. */
const schemas: Record<string, z.ZodObject> = {
  ingress: IngressEnv.extend(admin.shape),
  contact: ConsumerEnv.extend(admin.shape),
  identity: ConsumerEnv.extend(admin.shape),
  consent: ConsumerEnv.extend(admin.shape),
  account: ConsumerEnv.extend(admin.shape),
  relay: RelayEnv.extend(admin.shape),
  console: ConsoleEnv.extend(admin.shape),
  gate: GateEnv.extend(admin.shape),
  migrate: z.object(oneConnection),
  topics: z.object(kafkaEnv),
};
const SERVICES = Object.keys(schemas).filter((name) => !['migrate', 'topics'].includes(name));
/** Read as they are, by every process. */
const isUnschemed = (name: string) => name === 'LOG_LEVEL' || name.startsWith('OTEL_');
const SECRETS = [
  'DATABASE_URL',
  'WHATSAPP_APP_SECRET',
  'WHATSAPP_VERIFY_TOKEN',
  'KEYTURN_ADMIN_API_KEY',
  'KEYTURN_VERIFICATION_KEY',
  'KEYTURN_TOKEN_KEY',
  'OIDC_CLIENT_SECRET',
  'SMTP_URL',
  'KAFKA_SASL_PASSWORD',
  'KAFKA_TLS_KEY',
];

const shapeOf = ({ args }: Workload): Record<string, z.ZodType> => schemas[args[0] ?? '']?.shape ?? {};
const given = ({ env }: Workload) => Object.keys(env).filter((name) => !isUnschemed(name));
const variable = (name: string) => name.replace(/_FILE$/, '');
const places: [string, () => Workload[]][] = [
  ['compose.yaml', composeWorkloads],
  ['k8s', () => [...kubernetesWorkloads('k8s/services'), ...kubernetesWorkloads('k8s/jobs')]],
  ['k8s/example', () => [...kubernetesWorkloads('k8s/services', exampleSettings()), ...kubernetesWorkloads('k8s/jobs', exampleSettings())]],
];

describe.each(places)('%s', (_place, read) => {
  const workloads = read();

  it('runs every service, and the commands that prepare for them', () => {
    expect(workloads.map(({ args }) => args[0]).sort()).toEqual(Object.keys(schemas).sort());
  });

  it.each(workloads.map((one) => [one.where, one] as const))(
    '%s is told only what it reads, and all that it must be told',
    (_where, one) => {
      const names = given(one).map(variable);
      const required = Object.entries(shapeOf(one)).filter(([, field]) => !field.safeParse(undefined).success);
      expect(names.filter((name) => !(name in shapeOf(one)))).toEqual([]);
      expect(required.map(([name]) => name).filter((name) => !names.includes(name))).toEqual([]);
    },
  );

  it.each(workloads.map((one) => [one.where, one] as const))('%s is told values that can be', (_where, one) => {
    const faults = given(one)
      .filter((name) => !name.endsWith('_FILE') && one.env[name] !== '')
      .flatMap((name) => shapeOf(one)[name]?.safeParse(one.env[name]).error?.issues ?? []);
    expect(faults).toEqual([]);
  });

  it.each(workloads.map((one) => [one.where, one] as const))('%s gets its secrets as files, and no other', (_where, one) => {
    const files = given(one).filter((name) => name.endsWith('_FILE'));
    expect(given(one).filter((name) => SECRETS.includes(name))).toEqual([]);
    expect(files.filter((name) => !one.secretPaths.some((path) => one.env[name]?.startsWith(path)))).toEqual([]);
    const unread = one.secretPaths.filter(
      (path) => path !== '/run/keyturn/kafka/' && !files.some((name) => one.env[name]?.startsWith(path)),
    );
    expect(unread).toEqual([]);
    expect(one.secretPaths.includes('/run/keyturn/kafka/')).toBe(_place !== 'compose.yaml' && 'KAFKA_BROKERS' in shapeOf(one));
  });

  it('opens the ports that its processes listen on', () => {
    const listens = (one: Workload) =>
      Object.entries(shapeOf(one)).flatMap(([name, field]) =>
        /^(INGRESS|CONSOLE|GATE|ADMIN)_PORT$/.test(name) ? [field.parse(one.env[name])] : [],
      );
    for (const one of workloads) {
      const published = _place === 'compose.yaml' ? listens(one).filter((port) => port !== 9464) : listens(one);
      expect({ [one.where]: one.ports }).toEqual({ [one.where]: published });
    }
  });

  it('the console tells, mails and lets in by what it was given, and starts where that is nothing', () => {
    const env = workloads.find(({ args }) => args[0] === 'console')?.env ?? {};
    const secrets = {
      ...{ DATABASE_URL: 'postgres://a:b@c/d', KEYTURN_ADMIN_API_KEY: '3f9c1b7e5d2a8046c1e9b7d5' },
      ...{ KEYTURN_VERIFICATION_KEY: '81d0c2f7a94be65310ffb29c', KEYTURN_TOKEN_KEY: '5ab7e20c94d1f8367b0de1aa' },
      ...{ SMTP_URL: 'smtps://u:p@mail.example.com:465', OIDC_CLIENT_SECRET: 'c0ffee52b19d7e3f8a64' },
    };
    const yours = {
      ...{ CONSOLE_PUBLIC_URL: 'https://keyturn.example.com', MAIL_FROM: 'a <a@example.com>' },
      ...{ OIDC_ISSUER: 'https://login.example.com', OIDC_CLIENT_ID: 'keyturn' },
    };
    const isTold = (name: string) => name in env || `${name}_FILE` in env;
    expect([...Object.keys(secrets), ...Object.keys(_place === 'k8s' ? {} : yours)].filter((name) => !isTold(name))).toEqual([]);
    const plain = Object.fromEntries(Object.entries(env).filter(([name]) => !name.endsWith('_FILE')));
    const full = loadConfig({ ...plain, ...yours, ...secrets });
    expect(alertSettings(full)).toMatchObject({ sealer: expect.anything(), mail: { from: 'a <a@example.com>' } });
    expect(accessSettings(full).oidc).toMatchObject({ redirectUri: 'https://keyturn.example.com/auth/oidc/callback' });
    const nothing = Object.fromEntries(Object.keys(yours).map((name) => [name, '']));
    const bare = loadConfig({ ...plain, ...nothing, ...secrets, SMTP_URL: '', OIDC_CLIENT_SECRET: '' });
    expect([alertSettings(bare).mail, accessSettings(bare)]).toMatchObject([null, { oidc: null, local: true }]);
  });

  it('leaves schema and topics to the commands', () => {
    const services = workloads.filter(({ args }) => SERVICES.includes(args[0] as string));
    expect(services.filter(({ env }) => env.MIGRATE_ON_START !== 'false')).toEqual([]);
  });
});

describe('k8s', () => {
  const manifests = [...kustomized('k8s/services'), ...kustomized('k8s/jobs')];
  type Pod = {
    securityContext: unknown;
    automountServiceAccountToken: boolean;
    containers: { securityContext: unknown; resources: { requests: object; limits: { memory: string } } }[];
  };
  const pods = manifests.flatMap(({ kind, metadata, spec }) =>
    spec?.template === undefined ? [] : [[`${kind} ${metadata.name}`, spec.template.spec as unknown as Pod] as const],
  );

  it.each(pods)('%s runs without root, without rights, and with bounds', (_name, pod) => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      expect(resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
    }
  });

  it.each(SERVICES)('%s is probed, spread, and disrupted one at a time', (name) => {
    const of = (kind: string) => manifests.find((one) => one.kind === kind && one.metadata.name === name);
    const probe = (path: string) => ({ httpGet: { path, port: 'admin' } });
    expect(of('Deployment')).toMatchObject({
      spec: {
        template: {
          spec: { containers: [{ livenessProbe: { ...probe('/healthz'), timeoutSeconds: 5 }, readinessProbe: probe('/readyz') }] },
        },
      },
    });
    expect(of('PodDisruptionBudget')).toMatchObject({ spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' } });
  });

  it.each(SERVICES)('%s runs twice at least, as one place says', (name) => {
    const specs = manifests.filter(({ metadata }) => metadata.name === name).map(({ spec }) => spec as Record<string, unknown> | undefined);
    const counts = specs.flatMap((spec) => [spec?.replicas, spec?.minReplicas].filter((count) => count !== undefined));
    expect(counts).toEqual([2]);
  });

  it.each([
    ['console', [53, 443, 465, 587, 4318, 5432]],
    ['gate', [53, 443, 4318, 5432]],
    ['identity', [53, 4318, 5432, 9092]],
    ['ingress', [53, 4318, 9092]],
  ])('%s reaches what it needs outside, and no more', (name, ports) => expect(portsReached(name)).toEqual(ports));

  it('the role that migrate grants to is the one that compose makes', () => {
    const roles = readFileSync(new URL('postgres/roles.sql', import.meta.url), 'utf8');
    for (const { args } of [...composeWorkloads(), ...kubernetesWorkloads('k8s/jobs')].filter((one) => one.args[0] === 'migrate')) {
      expect(args).toEqual(['migrate', '--grant-to', 'keyturn_services']);
      expect(roles).toContain(`create role ${args[2]} login`);
    }
  });
});

describe('the Dockerfile', () => {
  it('builds on the Node that the project runs on', () => {
    const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    const bases = dockerfile().filter(({ instruction }) => instruction === 'FROM');
    expect(bases.map(({ rest }) => rest.split(' ')[0])).toEqual(Array(3).fill(`node:${dependencies.node}-slim`));
  });

  it('runs without root, and names the ports that are listened on', () => {
    const rest = (wanted: string) => dockerfile().find(({ instruction }) => instruction === wanted)?.rest;
    expect(rest('USER')).toBe('1000:1000');
    expect(rest('EXPOSE')?.split(' ').map(Number)).toEqual([8080, 8081, 8082, 9464]);
  });
});

describe('docs/configuration.md', () => {
  const words = (cell = '') => [...cell.matchAll(/`([^`]*)`/g)].map(([, word]) => word);
  const told = new Map(
    documentRows('configuration.md').flatMap(([names, unset]) => words(names).map((name, i) => [name, words(unset)[i]])),
  );
  const fields = Object.values(schemas).flatMap((schema) => Object.entries(schema.shape as Record<string, z.ZodType>));

  it('has every variable of every process, and what it is where nothing is set', () => {
    expect(fields.filter(([name]) => !told.has(name)).map(([name]) => name)).toEqual([]);
    const unset = fields.map(([name, field]) => [name, field.safeParse(undefined).data] as const);
    const known = unset.filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '');
    expect(known.map(([name]) => [name, told.get(name)])).toEqual(known.map(([name, value]) => [name, String(value)]));
  });

  it.each([...new Map(fields)])('%s is refused with a rule in words, whatever it is set to', (_name, field) => {
    for (const value of ['?', '-1', '1e99', '0.5'])
      for (const { message } of field.safeParse(value).error?.issues ?? []) expect(message).not.toMatch(/^(Invalid|Too)|NaN|received/);
  });
});

describe('docs/deploy.md', () => {
  const manifests = [...kustomized('k8s/services'), ...kustomized('k8s/jobs')];

  it('has each secret, its keys and who reads it, as the manifests have them', () => {
    const documented = documentRows('deploy.md').filter(([name]) => /^`keyturn-[a-z-]+`$/.test(name ?? ''));
    const secrets = manifests.flatMap(({ metadata, spec }) =>
      (spec?.template?.spec.volumes ?? []).flatMap(({ secret }) =>
        secret === undefined ? [] : [{ name: secret.secretName, by: metadata.name }],
      ),
    );
    const byName = Map.groupBy(secrets, ({ name }) => name);
    const readers = (cell = '') =>
      cell
        .replace(/the job|`/g, '')
        .split(',')
        .map((one) => one.trim());
    expect(Object.fromEntries(documented.map(([name = '', , by]) => [name.slice(1, -1), readers(by).sort()]))).toEqual(
      Object.fromEntries([...byName].map(([name, all]) => [name, all.map(({ by }) => by).sort()])),
    );
  });

  it('has each label by which a namespace may come in or be reached', () => {
    const deploy = readFileSync(new URL('../docs/deploy.md', import.meta.url), 'utf8');
    const labels = JSON.stringify(manifests).match(/"keyturn\/(?!needs)[a-z]+":"true"/g) ?? [];
    expect(new Set(labels).size).toBe(5);
    for (const label of new Set(labels)) expect(deploy).toContain(`\`${label.replaceAll('"', '').replace(':', '=')}\``);
  });
});

it('what the console says is kept where nothing is set is what is kept then', () => {
  expect(ConsumerEnv.shape.OUTBOUND_KEPT_DAYS.parse(undefined)).toBe(UNSET_DAYS);
  expect(GateEnv.shape.GATE_KEPT_DAYS.parse(undefined)).toBe(UNSET_DAYS);
});

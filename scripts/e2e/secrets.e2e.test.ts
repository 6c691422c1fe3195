import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { compileCache } from '@keyturn/testkit';

const root = path.join(import.meta.dirname, '../..');
const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-secrets-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const random = () => randomBytes(24).toString('hex');
/** Nobody answers there: whoever gets as far as connecting says something else. */
const elsewhere = { KAFKA_BROKERS: '127.0.0.1:1', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
const strong = () => ({ WHATSAPP_APP_SECRET: random(), WHATSAPP_VERIFY_TOKEN: random(), KEYTURN_ADMIN_API_KEY: random() });
type Secrets = Partial<ReturnType<typeof strong>>;

/** What a program of ours says until it ends, with external Kafka and PostgreSQL and these secrets. */
async function words(program: string, secrets: Secrets): Promise<{ code: number | null; said: string }> {
  const { PATH, HOME } = process.env;
  const places = {
    KEYTURN_EMBEDDED_DIR: path.join(dir, 'embedded'),
    ADMIN_PORT: '0',
    INGRESS_PORT: '0',
    CONSOLE_PORT: '0',
    GATE_PORT: '0',
  };
  const child = spawn(process.execPath, [program], {
    cwd: root,
    env: { PATH, HOME, ...compileCache(), ...elsewhere, ...places, ...secrets } as NodeJS.ProcessEnv,
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
    if (/started|is ready/.test(said)) child.kill(); // it should not have
  });
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

const [start, ingress, console_] = ['scripts/start.ts', 'services/ingress/src/main.ts', 'services/console/src/main.ts'];
const same = random();
it.concurrent.each<[string, string, Secrets, string]>([
  [start, 'no app secret', { WHATSAPP_APP_SECRET: '' }, 'WHATSAPP_APP_SECRET is missing: set it'],
  [start, 'a blank app secret', { WHATSAPP_APP_SECRET: ' '.repeat(32) }, 'WHATSAPP_APP_SECRET is blank'],
  [start, 'a default app secret', { WHATSAPP_APP_SECRET: 'changeme-app-secret' }, 'WHATSAPP_APP_SECRET must not be made of the words'],
  [start, 'a short token', { WHATSAPP_VERIFY_TOKEN: 'hunter2' }, 'WHATSAPP_VERIFY_TOKEN must have 8 characters'],
  [start, 'a default admin key', { KEYTURN_ADMIN_API_KEY: 'password-password-password' }, 'KEYTURN_ADMIN_API_KEY must not be'],
  [
    start,
    'one secret twice',
    { WHATSAPP_VERIFY_TOKEN: same, KEYTURN_ADMIN_API_KEY: same },
    'KEYTURN_ADMIN_API_KEY is the same as WHATSAPP_VERIFY_TOKEN',
  ],
  [ingress, 'no token', { WHATSAPP_VERIFY_TOKEN: '' }, 'WHATSAPP_VERIFY_TOKEN is missing: set it'],
  [ingress, 'a default app secret', { WHATSAPP_APP_SECRET: 'secret-secret-secret' }, 'WHATSAPP_APP_SECRET must not be'],
  [ingress, 'a repeated app secret', { WHATSAPP_APP_SECRET: '0'.repeat(32) }, 'WHATSAPP_APP_SECRET must have 5 different characters'],
  [ingress, 'one secret twice', { WHATSAPP_VERIFY_TOKEN: same, WHATSAPP_APP_SECRET: same }, 'is the same as'],
  [console_, 'no admin key', { KEYTURN_ADMIN_API_KEY: '' }, 'KEYTURN_ADMIN_API_KEY is missing: set it'],
  [console_, 'a default admin key', { KEYTURN_ADMIN_API_KEY: 'change-me-change-me-change-me' }, 'KEYTURN_ADMIN_API_KEY must not be'],
  [console_, 'the key of its ingress', { KEYTURN_ADMIN_API_KEY: same, WHATSAPP_APP_SECRET: same }, 'is the same as'],
])('%s does not start with %s, and says which rule it breaks, never the value', async (program, _case, secrets, rule) => {
  const { code, said } = await words(program, { ...strong(), ...secrets });
  expect([code, said]).toEqual([1, expect.stringContaining(rule)]);
  for (const value of Object.values(secrets)) if (value.trim() !== '') expect(said).not.toContain(value);
  expect(said).not.toMatch(/127\.0\.0\.1:1/);
  expect(existsSync(path.join(dir, 'embedded', 'secrets.json'))).toBe(false);
});

it('npm start names every fault of every service at once, before it makes, connects or keeps anything', async () => {
  const own = path.join(dir, 'own');
  mkdirSync(own);
  const kept = JSON.stringify(strong());
  writeFileSync(path.join(own, 'secrets.json'), kept);
  const wrong = {
    ...{
      KEYTURN_KAFKA_PORT: 'soon',
      KEYTURN_POSTGRES_PORT: '70000',
      INGRESS_PORT: 'x',
      CONSOLE_PORT: '-1',
      GATE_PORT: '1.5',
      ADMIN_PORT: 'y',
    },
    ...{
      DATABASE_SCHEMA: 'Upper',
      KAFKA_PREFIX: 'a_b',
      OUTBOUND_KEPT_DAYS: '0',
      GATE_STATE_AGE_MAX_MS: 'never',
      SHUTDOWN_TIMEOUT_MS: '1e11',
    },
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    ...{ WHATSAPP_APP_SECRET: 'changeme-app-secret' },
  };
  const place = { KEYTURN_EMBEDDED_DIR: own, KAFKA_BROKERS: '', DATABASE_URL: '', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  const { code, said } = await words(start, { ...wrong, ...place } as Secrets);
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining("could not start: The environment can't be used.") });
  expect(Object.keys(wrong).filter((name) => !said.includes(name))).toEqual([]);
  expect(readFileSync(path.join(own, 'secrets.json'), 'utf8')).toBe(kept);
  expect(readdirSync(own).filter((name) => /^(kafka|postgres)/.test(name))).toEqual([]);
});

it.each([
  ['KEYTURN_EMBEDDED_DIR', path.join(root, 'package.json', 'data')],
  ['LOG_FILE', path.join(root, 'package.json', 'log')],
])('npm start says the way out where %s can’t be written to', async (variable, place) => {
  const { code, said } = await words(start, { ...strong(), [variable]: place } as Secrets);
  expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(new RegExp(`could not start: .*${place}.*can't be written to`)) });
  expect(said).toContain(variable);
});

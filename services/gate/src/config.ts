import { readFileSync } from 'node:fs';
import { AppError } from '@keyturn/contracts';
import { defaultPolicy, GatePolicy } from '@keyturn/domain';
import { envPort, envWhole, migrateEnv, parseEnv, refuseSharedSecrets, secretsEnv } from '@keyturn/runtime';
import { databaseEnv } from '@keyturn/store';
import { z } from 'zod';

/** The environment of this service. */
export const Env = z.object({
  ...databaseEnv,
  ...migrateEnv,
  GATE_PORT: envPort.default(8082),
  /** How far behind what is known of a person may be before the gate says so. */
  GATE_STATE_AGE_MAX_MS: envWhole(5_000, 100, 60_000),
  /** The policy, as JSON; absent: what keyturn does by itself. */
  GATE_POLICY_FILE: z.string().min(1).optional(),
  /** Where allowed sends go. */
  GATE_GRAPH_URL: z.url({ protocol: /^https?$/, error: 'is no http(s) URL' }).default('https://graph.facebook.com'),
  /** Opens the tokens of the platform that the console keeps: the same as there. Absent: callers bring their own. */
  KEYTURN_TOKEN_KEY: secretsEnv.KEYTURN_TOKEN_KEY,
  /** How many messages the platform gets at a time; the others wait for their turn, and are judged again then. */
  GATE_GRAPH_CONNECTIONS_MAX: envWhole(256, 1, 10_000),
  /** How long at least it is kept what was sent through the gate, and what it denied; by whole months. */
  GATE_KEPT_DAYS: envWhole(90, 1, 3_650),
  /** Which share of what it allows the journal keeps; every denial is kept. */
  GATE_ALLOWS_KEPT: z.coerce
    .number({ error: 'must be a number' })
    .min(0, 'must be from 0 to 1')
    .max(1, 'must be from 0 to 1')
    .default(0.01),
  /** What becomes of calls to the platform that send no message, such as uploads of media. */
  GATE_OTHER_PATHS: z.enum(['pass', 'refuse'], { error: "must be 'pass' or 'refuse'" }).default('refuse'),
});
/** What the gate is told from outside. */
export type Config = z.infer<typeof Env> & { readonly policy: GatePolicy };

/** Answers a complete configuration, or throws `config.invalid` naming every fault, those of the policy with their place in the file. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const config = parseEnv(Env, env);
  refuseSharedSecrets({ ...env, ...config });
  return { ...config, policy: config.GATE_POLICY_FILE === undefined ? defaultPolicy : readPolicy(config.GATE_POLICY_FILE) };
}

function readPolicy(file: string): GatePolicy {
  const parsed = GatePolicy.safeParse(readJsonFile(file));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? 'the file' : path.map(String).join('.')}: ${message}`,
  );
  throw refusal(file, faults.join('; '));
}
function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refusal(file, cause instanceof SyntaxError ? `is no JSON (${cause.message})` : 'can’t be read', cause);
  }
}
const refusal = (file: string, fault: string, cause?: unknown): AppError =>
  new AppError('config.invalid', `GATE_POLICY_FILE (${file}) can't be used: ${fault}. docs/gate.md has every rule and mode.`, { cause });

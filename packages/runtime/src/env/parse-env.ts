import { readFileSync } from 'node:fs';
import { AppError } from '@keyturn/contracts';
import type { z } from 'zod';

type Fault = { readonly variable: string; readonly problem: string };
/** Reads the file a `NAME_FILE` variable points to; throws where that can't be read. */
export type ReadFile = (path: string) => string;

const present = (value: string | undefined): value is string => value !== undefined && value !== '';

function readNamedFile(name: string, path: string, readFile: ReadFile): { value?: string; fault?: Fault } {
  try {
    const value = readFile(path).trim();
    return present(value) ? { value } : {};
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return { fault: { variable: `${name}_FILE`, problem: `can't be read (${why}): name a file that this process may read` } };
  }
}

/** One variable as the schema sees it: its own value, else the trimmed content of the file that `NAME_FILE` names. */
function lookUp(name: string, env: NodeJS.ProcessEnv, readFile: ReadFile): { value?: string; fault?: Fault } {
  const value = env[name];
  const path = env[`${name}_FILE`];
  if (present(value) && present(path)) {
    return { fault: { variable: name, problem: `is set, and so is ${name}_FILE: keep one of the two` } };
  }
  if (present(value)) return { value };
  return present(path) ? readNamedFile(name, path, readFile) : {};
}

function faultOf(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): Fault {
  const variable = String(issue.path[0] ?? 'environment');
  const missing = issue.path.length > 0 && given[variable] === undefined;
  return { variable, problem: missing ? `is missing: set it, or ${variable}_FILE to the path of a file that holds it` : issue.message };
}

/** Answers the environment as the schema wants it, or throws `config.invalid` naming every fault at once. Each variable may also come
 *  as `NAME_FILE`; an empty one, or an empty file, counts as not set. Values never appear in the error: they may be secrets. */
export function parseEnv<Schema extends z.ZodObject>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
  readFile: ReadFile = (path) => readFileSync(path, 'utf8'),
): z.infer<Schema> {
  const given: Record<string, string> = {};
  const faults: Fault[] = [];
  for (const name of Object.keys(schema.shape)) {
    const { value, fault } = lookUp(name, env, readFile);
    if (fault) faults.push(fault);
    if (value !== undefined) given[name] = value;
  }
  const parsed = schema.safeParse(given);
  const unread = new Set(faults.map(({ variable }) => variable.replace(/_FILE$/, '')));
  for (const issue of parsed.error?.issues ?? []) {
    const fault = faultOf(issue, given);
    if (!unread.has(fault.variable)) faults.push(fault);
  }
  if (faults.length === 0 && parsed.success) return parsed.data;
  const lines = faults.map(({ variable, problem }) => `${variable} ${problem}`);
  throw new AppError('config.invalid', `The environment can't be used. ${lines.join('. ')}.`, { detail: { faults } });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { compileCache } from '@keyturn/testkit';
import { run } from './run.ts';
import { progressLines } from './text/progress.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

/** How a command line ended, with all that it wrote. */
export type Ended = { readonly code: number; readonly out: string; readonly err: string };
/** Where one is given: `env` is all of its environment, `input` its standard input. */
export type Given = { readonly env: NodeJS.ProcessEnv; readonly cwd?: string; readonly input?: string };
/** Who gives it: `answer`, what they say when they are asked; absent: nobody can be. `columns`, how wide their terminal is; absent: as wide as need be. */
export type Giver = { readonly answer?: string | undefined; readonly columns?: number; readonly now?: Date };

/** One command line in a process of its own, as a script runs it. */
export async function asProcess(args: readonly string[], { env, cwd, input = '' }: Given): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH: process.env.PATH, ...compileCache(), ...env } });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode ?? -1, out, err };
}

/** The same without the process around it, whose start takes a hundred times as long: the process adds no more than the streams. */
export async function inProcess(args: readonly string[], given: Given & Giver): Promise<Ended> {
  const { env, cwd = '/', input = '', answer, columns, now } = given;
  const [out, err]: [string[], string[]] = [[], []];
  const note = (lines: string[]) => (line: string) => void lines.push(`${line}\n`);
  const ask = async (question: string) => {
    if (answer !== undefined) note(err)(question);
    return answer ?? input;
  };
  const code = await run(args, {
    ...{ env, cwd, interactive: answer !== undefined, colors: false, columns, now: () => now ?? new Date(), ask },
    ...{ out: note(out), err: note(err), progress: (label, total) => progressLines(label, total, note(err)) },
  });
  return { code, out: out.join(''), err: err.join('') };
}

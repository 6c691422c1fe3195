import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ContactJson } from '@keyturn/contracts';
import { ADMIN_KEY, consoleWorld, message } from '../../../services/console/src/console.fixture.ts';
import { asProcess, inProcess } from './command-line.fixture.ts';
import type { Io } from './io.ts';
import { run } from './run.ts';

/** 1 March 2026, in whole seconds. */
export const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);

/** A console with people in it, who have numbers from this one on, and command lines for it. */
export async function cliWorld(firstNumber: number) {
  const world = await consoleWorld();
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-cli-'));
  let numbers = firstNumber;
  const givenIn = (env: NodeJS.ProcessEnv, cwd: string, input = '') => ({ env: { HOME: dir, KEYTURN_URL: world.url, ...env }, cwd, input });
  const withKey: NodeJS.ProcessEnv = { KEYTURN_API_KEY: ADMIN_KEY };
  /** One command line of a script, with the admin key unless said otherwise; `input` is on its standard input. */
  const keyturn = (args: readonly string[], env = withKey, cwd = dir, input?: string) => inProcess(args, givenIn(env, cwd, input));
  return {
    ...{ world, dir, keyturn },
    /** The same in a process of its own. */
    process: (args: readonly string[], env = withKey, cwd = dir) => asProcess(args, givenIn(env, cwd)),
    json: async (...args: string[]) => JSON.parse((await keyturn([...args, '--json'])).out),
    /** One command line in this process, of somebody who can be asked and answers so; 15 minutes after `T`. */
    async asked(args: readonly string[], answer: string, io: Partial<Io> = {}): Promise<{ code: number; said: string }> {
      const said: string[] = [];
      const note = (line: string) => void said.push(line);
      const ask = async (question: string) => {
        note(question);
        return answer;
      };
      const env = { KEYTURN_URL: world.url, KEYTURN_API_KEY: ADMIN_KEY, HOME: dir };
      const here = { env, cwd: dir, interactive: true, colors: false, now: () => new Date((T + 900) * 1000), out: note, err: note, ask };
      const code = await run(args, { ...here, progress: () => ({ update() {}, stop() {} }), ...io });
      return { code, said: said.join('\n') };
    },
    /** Somebody whose second hash came a minute after `T`. */
    async blocked(name?: string): Promise<ContactJson & { waId: string }> {
      const waId = String(numbers++);
      await world.says(message({ waId, at: T, hash: 'A=', ...(name ? { name } : {}) }), message({ waId, at: T + 60, hash: 'B=' }));
      return { ...(await world.find(waId)), waId };
    },
    async stop() {
      rmSync(dir, { recursive: true });
      await world.stop();
    },
  };
}

export type Cli = Awaited<ReturnType<typeof cliWorld>>;

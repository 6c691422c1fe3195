import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compileCache, keepLine, until } from '@keyturn/testkit';
import { ADMIN_KEY, type World } from './console.fixture.ts';

/** A console that ends only by being killed. */
type ConsoleProcess = { kill(): Promise<void> };

/** Consoles as processes of their own on the database of a world. `part`: whose logs theirs are. */
export function consoleProcesses(part: string): {
  start(world: World, more?: NodeJS.ProcessEnv): Promise<ConsoleProcess>;
  killAll(): void;
} {
  const running = new Set<ChildProcess>();
  return {
    async start({ databaseUrl }, more = {}) {
      const own = { DATABASE_URL: databaseUrl, KEYTURN_ADMIN_API_KEY: ADMIN_KEY, CONSOLE_PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'info' };
      const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...compileCache(), ...own, ...more } as NodeJS.ProcessEnv,
      });
      running.add(child);
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
      await until('a console is started', () => {
        if (child.exitCode !== null) throw new Error(`it ended:\n${said}`);
        return said.includes('"started"');
      });
      return {
        async kill() {
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          await ended;
          running.delete(child);
          keepLine(part, said);
        },
      };
    },
    killAll() {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';

it.each(['022', '077'])('a container may read what was made under umask %s, and others on the machine may not', (umask) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-secrets-'));
  cpSync(path.join(import.meta.dirname, 'make-secrets.ts'), path.join(dir, 'make-secrets.ts'));
  const run = spawnSync('sh', ['-c', `umask ${umask} && exec "$0" make-secrets.ts`, process.execPath], { cwd: dir, encoding: 'utf8' });
  const secrets = path.join(dir, 'secrets');
  const modes = [secrets, ...readdirSync(secrets).map((name) => path.join(secrets, name))].map((file) => statSync(file).mode & 0o777);
  rmSync(dir, { recursive: true });
  expect({ status: run.status, modes }).toEqual({ status: 0, modes: [0o700, ...Array(10).fill(0o644)] });
});

import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dockerfile, dockerIgnored } from './workloads.fixture.ts';

const root = path.join(import.meta.dirname, '..');

/** What the image holds and how it starts, in a folder instead of an image. */
export type Image = { readonly folder: string; readonly entrypoint: readonly string[]; remove(): void };

/** Does what the Dockerfile says as far as that needs no engine: copies, and runs npm. Throws at an instruction that it does not know. */
export function buildImage(): Image {
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-image-'));
  const ignored = new Set(globSync(dockerIgnored(), { cwd: root, exclude: (name) => /(^|\/)\.git$|node_modules\/./.test(name) }));
  const stages: string[] = [];
  let entrypoint: string[] = [];
  for (const { instruction, rest } of dockerfile()) {
    const stage = stages.at(-1) as string;
    if (instruction === 'FROM') stages.push(path.join(dir, rest.split(' AS ')[1] ?? 'image'));
    else if (instruction === 'COPY') copy(rest.split(' '), { stage, dir, ignored });
    else if (instruction === 'RUN') npm(rest.split(' '), stage);
    else if (instruction === 'ENTRYPOINT') entrypoint = JSON.parse(rest);
    else if (!['WORKDIR', 'ENV', 'USER', 'EXPOSE', 'CMD'].includes(instruction)) throw new Error(`${instruction} is not known here`);
  }
  return { folder: stages.at(-1) as string, entrypoint, remove: () => rmSync(dir, { recursive: true }) };
}

type Copying = { stage: string; dir: string; ignored: ReadonlySet<string> };
function copy(words: readonly string[], { stage, dir, ignored }: Copying): void {
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const names = words.filter((word) => !word.startsWith('--'));
  const target = names.pop() as string;
  for (const name of names) {
    const source = from === undefined ? path.join(root, name) : path.join(dir, from, path.relative('/app', name));
    const to = target === './' ? path.join(stage, name) : path.join(stage, target);
    const filter = (file: string) => from !== undefined || !ignored.has(path.relative(root, file));
    cpSync(source, to, { recursive: true, verbatimSymlinks: true, filter });
  }
}

function npm([program, ...args]: readonly string[], stage: string): void {
  if (program !== 'npm') throw new Error(`${program} is not known here`);
  const { status, error, stdout, stderr } = spawnSync('npm', [...args, '--prefer-offline'], {
    cwd: stage,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status ?? error}\n${stdout}${stderr}`);
}

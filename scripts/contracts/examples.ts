import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Message } from './messages.ts';

/** A record as it stands in `examples/<topic>/<event-type>[.<case>].json`. */
export type Example = {
  readonly file: string;
  /** Empty: the plain one. */
  readonly name: string;
  readonly topic: string;
  readonly type: string;
  readonly record: { readonly key: string; readonly headers: Readonly<Record<string, string>>; readonly value: unknown };
};

/** All examples beneath a folder, in the order of their names. A file that is of no known kind of record is an error: it would go unchecked. */
export function readExamples(folder: string, messages: readonly Message[]): Example[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const [topic, base] = [path.dirname(file), path.basename(file, '.json')];
    const kind = messages.find((one) => one.topic.name === topic && (base === one.name || base.startsWith(`${one.name}.`)));
    if (kind === undefined) throw new Error(`examples/${file} is of no known topic and type: name it <topic>/<event-type>[.<case>].json`);
    return {
      file,
      topic,
      type: kind.name,
      name: base.slice(kind.name.length + 1),
      record: JSON.parse(readFileSync(path.join(folder, file), 'utf8')),
    };
  });
}

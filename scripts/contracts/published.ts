import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { asyncApi } from './asyncapi.ts';
import { readDocComments } from './doc-comments.ts';
import { readExamples } from './examples.ts';
import { messageSchema, messages, schemaPath } from './messages.ts';
import { openApi } from './openapi.ts';

/** Where the contracts are: sources, examples, and what is published of them. */
export const contractsFolder = path.join(import.meta.dirname, '../../packages/contracts');

/** Published files by their path beneath the contracts package. */
export type Published = ReadonlyMap<string, string>;
const isPublished = (file: string) => /^(schemas\/.+|openapi|asyncapi)\.json$/.test(file);

/** The version that the contracts are of now. */
export const versionOfContracts = (): string =>
  (JSON.parse(readFileSync(path.join(contractsFolder, 'package.json'), 'utf8')) as { version: string }).version;

/** All files as the sources have it now. */
export function publishedBySources(): Published {
  const docs = readDocComments(path.join(contractsFolder, 'src'));
  const version = versionOfContracts();
  const examples = readExamples(path.join(contractsFolder, 'examples'), messages);
  const documents: [string, object][] = [
    ...messages.map((message) => [schemaPath(message), messageSchema(message, docs)] as [string, object]),
    ['asyncapi.json', asyncApi({ version, messages, examples, docs })],
    ['openapi.json', openApi({ version, docs })],
  ];
  return new Map(documents.map(([file, document]) => [file, `${JSON.stringify(document, null, 2)}\n`]));
}

/** The files that stand in a folder. */
export function publishedIn(folder: string): Published {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isPublished).sort();
  return new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
}

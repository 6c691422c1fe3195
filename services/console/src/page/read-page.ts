import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the page, as it is and compressed. */
export type PageFile = { readonly type: string; readonly body: Buffer; readonly gzip: Buffer; readonly etag: string };
/** The built page: its document, and its other files by their name. */
export type Page = { readonly document: PageFile; readonly assets: ReadonlyMap<string, PageFile> };

const BUILT = path.join(import.meta.dirname, '../../dist');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The page as `npm start` or the image built it, read once; null where nobody has built it. */
export function readPage(folder: string = BUILT): Page | null {
  const document = path.join(folder, 'index.html');
  if (!existsSync(document)) return null;
  const assets = path.join(folder, 'assets');
  return {
    document: readOne(document),
    assets: new Map(readdirSync(assets).map((name) => [name, readOne(path.join(assets, name))])),
  };
}

function readOne(file: string): PageFile {
  const body = readFileSync(file);
  const type = types[path.extname(file)] ?? 'application/octet-stream';
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { type, body, gzip: gzipSync(body, { level: 9 }), etag };
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { fetchJars } from './fetch-jars.ts';
import { type Jar, jarName } from './jars.ts';
import { removeTestDirs, testDir } from './testing.ts';

const CONTENT = ['alpha', 'beta', 'gamma'].map((name) => ({ artifact: `org.example:${name}:1.0`, body: Buffer.from(name.repeat(1000)) }));
const JARS: Jar[] = CONTENT.map(({ artifact, body }) => ({
  artifact,
  bytes: body.length,
  sha256: createHash('sha256').update(body).digest('hex'),
}));
const silent = { update: () => undefined, stop: () => undefined };

/** A Maven repository with the three jars; `fault` may answer a request in their stead, and says whether it did. */
async function repositoryOf(
  fault: (name: string, nth: number, socket: { cut(): void; send(body: string): void }) => boolean = () => false,
) {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const found = CONTENT.find(
      ({ artifact }) => req.url === `/maven2/${artifact.replace(/\.(?=.*:)|:/g, '/').replace('1/0', '1.0')}/${jarName({ artifact })}`,
    );
    const name = path.basename(req.url ?? '');
    asked.push(name);
    const nth = asked.filter((other) => other === name).length;
    const cut = () => {
      res.writeHead(200, { 'content-length': 1_000_000 });
      res.write('half');
      setImmediate(() => res.destroy());
    };
    if (fault(name, nth, { cut, send: (body) => res.end(body) })) return;
    if (found) res.end(found.body);
    else res.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/maven2` };
}

afterAll(removeTestDirs);

describe('the files of the broker', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });
  const cacheWith = (...names: string[]) => {
    const cache = testDir();
    for (const { artifact, body } of CONTENT)
      if (names.includes(jarName({ artifact }))) writeFileSync(path.join(cache, jarName({ artifact })), body);
    return cache;
  };

  it('are all fetched on the first run, and none once they are there, network or no network', async () => {
    const { url, asked, ...repository } = await repositoryOf();
    server = repository.server;
    const cache = path.join(testDir(), 'made');
    expect(await fetchJars(JARS, { cache, repository: url, progress: silent })).toBe(3);
    expect(readdirSync(cache).sort()).toEqual(['alpha-1.0.jar', 'beta-1.0.jar', 'gamma-1.0.jar']);
    expect(await fetchJars(JARS, { cache, repository: 'http://127.0.0.1:1/', progress: silent })).toBe(0);
    expect(asked).toHaveLength(3);
  });

  it('are fetched from where an interrupted run stopped, what it left unfinished removed', async () => {
    const { url, asked, ...repository } = await repositoryOf();
    server = repository.server;
    const cache = cacheWith('alpha-1.0.jar');
    writeFileSync(path.join(cache, 'beta-1.0.jar.4194305.part'), 'half'); // above any process number
    expect(await fetchJars(JARS, { cache, repository: url, progress: silent })).toBe(2);
    expect(asked.sort()).toEqual(['beta-1.0.jar', 'gamma-1.0.jar']);
    expect(readdirSync(cache)).toHaveLength(3);
  });

  it('are fetched again when they were damaged in the cache', async () => {
    const { url, asked, ...repository } = await repositoryOf();
    server = repository.server;
    const cache = cacheWith('alpha-1.0.jar', 'beta-1.0.jar', 'gamma-1.0.jar');
    writeFileSync(path.join(cache, 'beta-1.0.jar'), 'BETA'.repeat(1000));
    await fetchJars(JARS, { cache, repository: url, progress: silent });
    expect(asked).toEqual(['beta-1.0.jar']);
    expect(readFileSync(path.join(cache, 'beta-1.0.jar'), 'utf8')).toBe('beta'.repeat(1000));
  });

  it('are tried again when the connection breaks in the middle or something else arrives', async () => {
    const { url, asked, ...repository } = await repositoryOf((name, nth, { cut, send }) => {
      if (name.startsWith('alpha') && nth === 1) cut();
      else if (name.startsWith('beta') && nth === 1) send('<html>please log in</html>');
      else return false;
      return true;
    });
    server = repository.server;
    await fetchJars(JARS, { cache: testDir(), repository: url, progress: silent, stallMs: 1_000 });
    const times = (jar: string) => asked.filter((name) => name === jar).length;
    for (const jar of ['alpha-1.0.jar', 'beta-1.0.jar']) expect([jar, times(jar) > 1]).toEqual([jar, true]);
  });

  it('are given up on with one line that says what to do, those that came kept', async () => {
    const { url, ...repository } = await repositoryOf((name, _nth, { send }) => {
      if (name.startsWith('beta')) send('no');
      return name.startsWith('beta');
    });
    server = repository.server;
    const cache = testDir();
    const fetching = fetchJars(JARS, { cache, repository: url, progress: silent });
    await expect(fetching).rejects.toThrow(
      /^Kafka could not be fetched: beta-1.0.jar did not arrive as listed \(SHA-256 differs\)\. Check the network, or .* KEYTURN_MAVEN_REPOSITORY, and start again: \d of 3 files are kept\.$/,
    );
    expect(existsSync(path.join(cache, 'beta-1.0.jar'))).toBe(false);
    expect(readdirSync(cache).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('stop being fetched when the caller says so', async () => {
    const { url, ...repository } = await repositoryOf();
    server = repository.server;
    const reason = new Error('Ctrl-C');
    await expect(fetchJars(JARS, { cache: testDir(), repository: url, progress: silent, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ContactJson } from '@keyturn/contracts';
import { type TestDatabase, testDatabase, testKafka } from '@keyturn/testkit';
import { bodyOf, text } from '../scripts/e2e/payload.ts';
import { until } from '../scripts/e2e/until.ts';
import { isReady, type Running, startProcess } from '../scripts/e2e/upgrade/processes.ts';
import { api, post, SECRETS } from '../scripts/e2e/upgrade/traffic.ts';
import { buildImage, type Image } from './image.fixture.ts';

const SERVICES = ['contact', 'identity', 'consent', 'account', 'relay', 'console', 'gate', 'ingress'];
const { brokers, prefix } = testKafka();
let database: TestDatabase;
let image: Image;
beforeAll(async () => {
  database = await testDatabase();
  image = buildImage();
});
afterAll(async () => {
  image?.remove();
  await database?.drop();
});
const env = () => ({ KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix, DATABASE_URL: database.url, PATH: process.env.PATH });
const command = (...args: string[]) =>
  promisify(execFile)(process.execPath, [...image.entrypoint.slice(1), ...args], { cwd: image.folder, env: env() });

it('what the image holds is enough to prepare for every service and to run it, and holds no test', async () => {
  expect(image.entrypoint[0]).toBe('node');
  expect(globSync(['{packages,services}/**/*.{test,fixture}.ts', 'packages/{testkit,embedded}/src'], { cwd: image.folder })).toEqual([]);
  expect((await command('migrate')).stdout).toContain('what this release needs');
  expect((await command('topics', '--apply')).stdout).toContain('made');
  const release = { name: 'image', folder: image.folder, argsOf: (service: string) => [...image.entrypoint.slice(1), service] };
  const given = { ...env(), ...SECRETS, INGRESS_PORT: '0', CONSOLE_PORT: '0', MIGRATE_ON_START: 'false' };
  const running: Running[] = await Promise.all(SERVICES.map((service) => startProcess(release, service, given)));
  await until('all are ready', async () => (await Promise.all(running.map(isReady))).every(Boolean));
  const urlOf = (service: string) => running.find(({ name }) => name.startsWith(service))?.url as string;
  expect(await (await fetch(urlOf('console'))).text()).toMatch(/<script type="module"[^>]* src="\/assets\/index-/); // the page is in it, built
  for (const [seconds, hash] of [
    [0, 'h1'],
    [60, 'h2'],
  ] as const)
    expect((await post(urlOf('ingress'), bodyOf([text({ waId: '4915209200001' }, seconds, hash)]))).status).toBe(200);
  await until('the person is blocked', async () => {
    const found = (await (await api(urlOf('console'), 'POST', '/v1/contacts/search', { waId: '4915209200001' })).json()) as {
      items: ContactJson[];
    };
    return found.items[0]?.identity.status === 'blocked';
  });
  expect(await Promise.all(running.map((one) => one.stop()))).toEqual(running.map(() => 0));
  expect(running.flatMap(({ complaints }) => complaints)).toEqual([]);
});

import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { bodyOf, text } from '../payload.ts';

/** The secrets of these tests. */
export const SECRETS = {
  WHATSAPP_APP_SECRET: 'a-secret-of-the-tests',
  WHATSAPP_VERIFY_TOKEN: 'a-token-of-the-tests',
  KEYTURN_ADMIN_API_KEY: 'an-admin-key-of-the-tests',
};
const WRITERS = 4;
const PAUSE_MS = 10;

/** People who write under one key and then under another, and an operator who decides on every open change, for as long as it runs. */
export type Traffic = {
  /** Where it goes from now on, by turns. */
  goTo(doors: { ingress: readonly string[]; console: readonly string[] }): void;
  readonly people: readonly string[];
  readonly decided: ReadonlySet<string>;
  /** Every answer that was not the good one. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
};
type Change = { contactId: string; identity: { keyHash: string; version: number } };

export function startTraffic(): Traffic {
  let doors: { ingress: readonly string[]; console: readonly string[] } = { ingress: [], console: [] };
  let turn = 0;
  let stopped = false;
  const people: string[] = [];
  const decided = new Set<string>();
  const failures: string[] = [];
  const next = (urls: readonly string[]) => urls[turn++ % urls.length] as string;
  const expect = async (what: string, status: number, asked: Promise<Response>): Promise<unknown> => {
    const answer = await asked.catch((error: Error) => error);
    if (answer instanceof Response && answer.status === status)
      return status === 200 && what === 'list' ? answer.json() : answer.arrayBuffer();
    failures.push(`${what}: ${answer instanceof Response ? `${answer.status} ${await answer.text()}` : answer.cause}`);
    return undefined;
  };
  const write = async () => {
    while (!stopped) {
      const waId = `49152091${String(people.length).padStart(5, '0')}`;
      people.push(waId);
      for (const [seconds, hash] of [
        [0, 'h1'],
        [60, 'h2'],
      ] as const)
        await expect('webhook', 200, post(next(doors.ingress), bodyOf([text({ waId }, seconds, hash)])));
      await pause(PAUSE_MS);
    }
  };
  const decide = async () => {
    while (!stopped) {
      const list = (await expect('list', 200, api(next(doors.console), 'GET', '/v1/identity-changes?status=open&limit=5'))) as
        | { items: Change[] }
        | undefined;
      for (const { contactId, identity } of list?.items ?? []) {
        const body = { keyHash: identity.keyHash, version: identity.version, verdict: 'same_person', reason: 'called back' };
        decided.add(contactId);
        await expect('decision', 201, api(next(doors.console), 'POST', `/v1/contacts/${contactId}/identity/acknowledgements`, body));
      }
      await pause(PAUSE_MS);
    }
  };
  let running: Promise<unknown> | undefined;
  return {
    people,
    decided,
    failures,
    goTo(to) {
      doors = to;
      running ??= Promise.all([...Array.from({ length: WRITERS }, write), decide()]);
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** A webhook, as the platform sends it. */
export function post(url: string, body: string): Promise<Response> {
  const signature = `sha256=${createHmac('sha256', SECRETS.WHATSAPP_APP_SECRET).update(body).digest('hex')}`;
  return fetch(`${url}/webhook`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
  });
}

/** A request to the API, by the admin. */
export function api(url: string, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${SECRETS.KEYTURN_ADMIN_API_KEY}`, 'content-type': 'application/json' };
  return fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

import { createHmac } from 'node:crypto';
import { type AcknowledgementRequest, ContactJson, IdentityChangeJson, IdentityView, Problem } from '@keyturn/contracts';
import { z } from 'zod';
import type { Instance } from './instance.ts';
import { storyBroke } from './story-broke.ts';

/** A decision as the API answers it: taken (201), or refused with the reason and the present state (409). */
type Acknowledged =
  | { readonly taken: true }
  | { readonly taken: false; readonly detail: string; readonly reason: string; readonly identity: IdentityView };

/** The public doors of a running keyturn. */
export type Doors = {
  /** Posts a body as WhatsApp does, signed. The story breaks unless the answer is 200: only then is it kept. */
  deliver(body: string): Promise<void>;
  /** Who holds a number now. */
  contactOf(waId: string): Promise<ContactJson | undefined>;
  contact(contactId: string): Promise<ContactJson>;
  /** The blocks that await a decision, oldest first, from all pages. */
  openChanges(): Promise<IdentityChangeJson[]>;
  acknowledge(contactId: string, request: AcknowledgementRequest): Promise<Acknowledged>;
};

const Items = z.object({ items: z.array(ContactJson) });
const Page = z.object({ items: z.array(IdentityChangeJson), nextCursor: z.string().nullable() });
const Conflict = Problem.extend({ reason: z.string(), identity: IdentityView });

/** Opens the doors of an instance. */
export function doorsOf({ ingressUrl, consoleUrl, appSecret, adminKey }: Instance): Doors {
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await ask(consoleUrl, path, {
      method,
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: (await answer.json()) as unknown };
  };
  const found = async <Schema extends z.ZodType>(
    schema: Schema,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<z.output<Schema>> => {
    const { status, json } = await api(method, path, body);
    if (status === 401)
      throw storyBroke(`${consoleUrl} does not know our key: set KEYTURN_ADMIN_API_KEY to what keyturn was started with.`);
    if (status !== 200) throw storyBroke(`${method} ${path} answered ${status}: ${detailOf(json)}`);
    return schema.parse(json);
  };
  return {
    async deliver(body) {
      const signature = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
      const answer = await ask(ingressUrl, '/webhook', { method: 'POST', headers, body });
      if (answer.status === 401)
        throw storyBroke(`${ingressUrl} refuses our signature: set WHATSAPP_APP_SECRET to what keyturn was started with.`);
      if (answer.status !== 200) throw storyBroke(`The webhook was answered ${answer.status}, not 200: ${await answer.text()}`);
      await answer.arrayBuffer();
    },
    contactOf: async (waId) => (await found(Items, 'POST', '/v1/contacts/search', { waId })).items[0],
    contact: (contactId) => found(ContactJson, 'GET', `/v1/contacts/${contactId}`),
    async openChanges() {
      const items: IdentityChangeJson[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: z.output<typeof Page> = await found(
          Page,
          'GET',
          `/v1/identity-changes?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      return items;
    },
    async acknowledge(contactId, request) {
      const { status, json } = await api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, request);
      if (status === 201) return { taken: true };
      if (status === 409) return { taken: false, ...Conflict.parse(json) };
      throw storyBroke(`The acknowledgement was answered ${status}: ${detailOf(json)}`);
    },
  };
}

async function ask(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url + path, { ...init, signal: AbortSignal.timeout(15_000) });
  } catch (error) {
    const { cause } = error as Error;
    const why = cause instanceof Error && cause.message ? ` (${cause.message})` : '';
    throw storyBroke(`Nothing answers at ${url}${why}: run npm start first and leave it running.`, error);
  }
}

const detailOf = (json: unknown): string => Problem.safeParse(json).data?.detail ?? JSON.stringify(json);

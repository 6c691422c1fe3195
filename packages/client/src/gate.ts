import { type Category, type Decision, noAnswer, type Reason, readDecision, type Send } from './decision.ts';

/** Where the gate is, and how long its answer may take. */
export type GateOptions = {
  /** `http://localhost:8082` */
  readonly url: string;
  /** An API key with the scope `send`. */
  readonly key: string;
  /** For one question, answer included. */
  readonly timeoutMs?: number;
};

/** A message as the platform takes it, `messaging_product` aside. */
export type Message = Readonly<Record<string, unknown>> & { readonly to?: string; readonly recipient?: string; readonly type?: string };
/** By which number of ours a message goes, and as what. */
export type MessageOptions = {
  readonly phoneNumberId: string;
  /** The platform's token of this number; absent: the gate holds it. */
  readonly accessToken?: string;
  /** Of the platform's API, as in `v25.0`. */
  readonly version?: string;
  /** Of a template that the gate's policy does not name. */
  readonly category?: Exclude<Category, 'service'>;
};
/** What became of a message. `sent`: the platform took it, which is no delivery. `denied`: nothing went out. `refused`: the platform said no, with its
 *  error. `unknown`: nobody knows whether it went out; sending it again may send it twice. */
export type Sent =
  | { readonly outcome: 'sent'; readonly wamid: string; readonly answer: unknown }
  | { readonly outcome: 'denied'; readonly reasons: readonly Reason[]; readonly retryable: boolean }
  | { readonly outcome: 'refused'; readonly status: number; readonly error: unknown }
  | { readonly outcome: 'unknown'; readonly why: string };

/** A gate to ask. Nothing here throws for what happens outside: a gate that is away, slow or not understood is a no. */
export type Gate = {
  decide(send: Send): Promise<Decision>;
  /** In the order of the sends, however many: a thousand at a time. */
  decideAll(sends: readonly Send[]): Promise<Decision[]>;
  send(message: Message, options: MessageOptions): Promise<Sent>;
};

const TIMEOUT_MS = 5_000;
const ITEMS_MAX = 1_000;
/** Codes of the gate itself, in the platform's shape: nothing went out, and whether time alone is missing. */
const DENIED = 990_001;
const NOT_NOW = 990_002;
const UNKNOWN = 990_005;
const FAILED = 990_007;
const OF_THE_GATE = 990_000;

/** The gate at a URL. Throws where the options can be none. */
export function gateAt({ url, key, timeoutMs = TIMEOUT_MS }: GateOptions): Gate {
  if (key === '') throw new TypeError('key: is empty; `keyturn keys create --scope send` makes one');
  const base = new URL(url).href.replace(/\/$/, '');
  const post = async (path: string, headers: Record<string, string>, body: unknown) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body), signal };
    const response = await fetch(base + path, { ...sent, redirect: 'error' });
    return { status: response.status, json: (await response.json()) as unknown };
  };

  async function ask(sends: readonly Send[]): Promise<Decision[]> {
    try {
      const { status, json } = await post('/v1/decisions', { authorization: `Bearer ${key}` }, { items: sends });
      if (status !== 200) return sends.map(() => noAnswer(problemIn(json, status)));
      const { items } = json as { items?: unknown };
      if (!Array.isArray(items) || items.length !== sends.length) return sends.map(() => noAnswer('its answer can’t be read'));
      return items.map((one) => readDecision(one) ?? noAnswer('its answer can’t be read'));
    } catch (error) {
      return sends.map(() => noAnswer(reasonOf(error)));
    }
  }

  return {
    async decide(send) {
      const [decision] = await ask([send]);
      return decision ?? noAnswer('its answer can’t be read');
    },
    async decideAll(sends) {
      const decisions: Decision[] = [];
      for (let from = 0; from < sends.length; from += ITEMS_MAX) decisions.push(...(await ask(sends.slice(from, from + ITEMS_MAX))));
      return decisions;
    },
    async send(message, { phoneNumberId, accessToken, version = 'v25.0', category }) {
      const headers = {
        ...(accessToken === undefined
          ? { authorization: `Bearer ${key}` }
          : { authorization: `Bearer ${accessToken}`, 'x-keyturn-key': key }),
        ...(category ? { 'x-keyturn-category': category } : {}),
      };
      try {
        const path = `/${encodeURIComponent(version)}/${encodeURIComponent(phoneNumberId)}/messages`;
        return sentOf(await post(path, headers, { messaging_product: 'whatsapp', ...message }));
      } catch (error) {
        return { outcome: 'unknown', why: reasonOf(error) };
      }
    },
  };
}

type Refusal = {
  code?: unknown;
  message?: unknown;
  error_data?: { details?: unknown; keyturn?: { reasons?: readonly Reason[]; nothingSent?: unknown } };
};
function sentOf({ status, json }: { status: number; json: unknown }): Sent {
  const { messages, error } = (json ?? {}) as { messages?: readonly { id?: unknown }[]; error?: Refusal };
  const wamid = messages?.[0]?.id;
  if (status === 200 && typeof wamid === 'string') return { outcome: 'sent', wamid, answer: json };
  if (error === undefined) return { outcome: 'unknown', why: `the answer (${status}) can’t be read` };
  const { code } = error;
  if (code === UNKNOWN) return unreached(error);
  if (code === FAILED) return { outcome: 'unknown', why: String(error.message) };
  if (code === DENIED || code === NOT_NOW)
    return {
      outcome: 'denied',
      reasons: error.error_data?.keyturn?.reasons ?? noAnswer(String(error.message)).reasons,
      retryable: code === NOT_NOW,
    };
  if (typeof code === 'number' && code > OF_THE_GATE)
    return { outcome: 'denied', reasons: noAnswer(String(error.message)).reasons, retryable: false };
  return { outcome: 'refused', status, error };
}

/** The platform did not answer: a no only where the gate is certain that nothing went out. */
function unreached({ message, error_data: data }: Refusal): Sent {
  if (data?.keyturn?.nothingSent !== true) return { outcome: 'unknown', why: String(message) };
  return { outcome: 'denied', reasons: noAnswer(`the platform could not be reached (${data.details})`).reasons, retryable: true };
}

const problemIn = (json: unknown, status: number): string => {
  const { detail } = (json ?? {}) as { detail?: unknown };
  return typeof detail === 'string' ? `${status}, ${detail.replace(/\.$/, '')}` : `it answered ${status}`;
};
const reasonOf = (error: unknown): string => {
  const { name, message, cause } = error as Error;
  return name === 'TimeoutError' ? 'it took too long' : cause instanceof Error ? `${message} (${cause.message})` : message;
};

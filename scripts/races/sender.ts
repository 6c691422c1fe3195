import { Agent, request } from 'node:http';
import { GRAPH_TOKEN } from '@keyturn/testkit';

/** Our number in every payload of the tests. */
export const OURS = '100000000000001';

/** What came of a question or a message. `because`: the reasons, where it was refused. */
export type Outcome = { readonly allowed: boolean; readonly because: readonly string[] };
/** Asks the gate, and sends through it, as a business would: a template of a category that whoever wrote to us has agreed to. */
export type Sender = {
  decide(...waIds: readonly string[]): Promise<Outcome[]>;
  send(waId: string): Promise<Outcome>;
  stop(): void;
};

const TIMEOUT_MS = 10_000;
const unanswered: Outcome = { allowed: false, because: ['unanswered'] };
type Reason = { readonly code: string };

/** A sender by this gate, with this key. An answer that does not come denies. */
export function senderAt(gateUrl: string, key: string): Sender {
  const agent = new Agent({ keepAlive: true });
  const post = (path: string, headers: Record<string, string>, body: object): Promise<{ status: number; text: string }> => {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
    const bytes = JSON.stringify(body);
    const length = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(bytes)) };
    const asked = request(gateUrl + path, { agent, method: 'POST', timeout: TIMEOUT_MS, headers: { ...headers, ...length } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() })).on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer'))).on('error', reject);
    asked.end(bytes);
    return promise;
  };
  return {
    async decide(...waIds) {
      const items = waIds.map((to) => ({ phoneNumberId: OURS, to, category: 'utility' }));
      const answer = await post('/v1/decisions', { authorization: `Bearer ${key}` }, { items }).catch(() => null);
      if (answer?.status !== 200) return waIds.map(() => unanswered);
      const { items: decided } = JSON.parse(answer.text) as { items: { decision: string; reasons: Reason[] }[] };
      return decided.map(({ decision, reasons }) => ({ allowed: decision === 'allow', because: reasons.map(({ code }) => code) }));
    },
    async send(waId) {
      const headers = { authorization: `Bearer ${GRAPH_TOKEN}`, 'x-keyturn-key': key, 'x-keyturn-category': 'utility' };
      const template = { name: 'parcel_slot', language: { code: 'en' } };
      const body = { messaging_product: 'whatsapp', to: waId, type: 'template', template };
      const answer = await post(`/v25.0/${OURS}/messages`, headers, body).catch(() => null);
      if (answer === null) return unanswered;
      if (answer.status === 200) return { allowed: true, because: [] };
      const { error } = JSON.parse(answer.text) as { error?: { error_data?: { keyturn?: { reasons?: Reason[] } } } };
      return { allowed: false, because: error?.error_data?.keyturn?.reasons?.map(({ code }) => code) ?? ['unanswered'] };
    },
    stop: () => agent.destroy(),
  };
}

import { hash } from 'node:crypto';
import { inbound } from '@keyturn/contracts';
import { normalize } from '@keyturn/normalize';

/** An attempt to decide, and what came of it. */
type Attempt = { readonly reason: string; readonly stale: boolean; readonly contactId: string; status: number };
type Sent = { answered: number; unanswered: number; readonly eventIds: readonly string[] };

/** All that was sent, and what was answered: what the checker holds the product to. */
export type Ledger = {
  readonly bodies: ReadonlyMap<string, Sent>;
  readonly attempts: Attempt[];
  record(body: string, answered: boolean): void;
  totals(): { bodies: number; answered: number; events: number; unanswered: number };
};

/** Nothing is sent yet. */
export function newLedger(): Ledger {
  const bodies = new Map<string, Sent>();
  return {
    bodies,
    attempts: [],
    record(body, answered) {
      const webhookId = hash('sha256', body, 'hex');
      const sent = bodies.get(webhookId) ?? { answered: 0, unanswered: 0, eventIds: eventIdsOf(body, webhookId) };
      bodies.set(webhookId, sent);
      if (answered) sent.answered += 1;
      else sent.unanswered += 1;
    },
    totals() {
      const all = [...bodies.values()];
      const answered = all.filter((sent) => sent.answered > 0);
      return {
        bodies: all.length,
        answered: all.reduce((sum, sent) => sum + sent.answered, 0),
        events: answered.reduce((sum, sent) => sum + sent.answered * sent.eventIds.length, 0),
        unanswered: all.reduce((sum, sent) => sum + sent.unanswered, 0),
      };
    },
  };
}

const eventIdsOf = (body: string, webhookId: string) =>
  normalize(Buffer.from(body), { webhookId, receivedAt: new Date() })
    .filter(({ topic }) => topic === inbound)
    .map(({ event }) => event.id);

import { z } from 'zod';
import { IdentityStatus } from './changed-events.ts';
import { ContactId, Instant } from './ids.ts';
import type { DeclaredRoute } from './route.ts';

/** Event `change` of the stream: an identity moved, and how many blocks await a decision now (10,000: so many or more). */
export const StreamChange = z.object({
  contactId: ContactId,
  version: z.number().int(),
  status: IdentityStatus,
  openChanges: z.number().int(),
});
export type StreamChange = z.infer<typeof StreamChange>;
/** Event `as-of` of the stream, every few seconds: all that happened until then was told. Event `reset` has the same, and says that more happened than is
 *  told: read anew. */
export const StreamAsOf = z.object({ at: Instant, openChanges: z.number().int() });
export type StreamAsOf = z.infer<typeof StreamAsOf>;

/** On `CONSOLE_PORT`: what a page follows. */
export const streamRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/stream', operationId: 'followChanges' },
    summary:
      'Server-sent events: `change` {contactId, version, status, openChanges} for each identity that moved, `as-of` {at, openChanges} every few seconds, `reset` {at, openChanges} where more happened than is told.',
    answers: [
      { status: 200, means: 'The stream. It ends by itself within a minute: come again with Last-Event-ID.', content: 'text/event-stream' },
    ],
    problems: [],
  },
];

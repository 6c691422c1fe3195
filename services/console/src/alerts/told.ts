import type { AlertRoute } from '@keyturn/contracts';
import type { AlertText } from '@keyturn/domain';
import type { AlertToDeliver } from '@keyturn/store';

/** A message as it goes to a route: in its language, with the link that it leads to. */
export type Told = AlertToDeliver & { readonly said: AlertText; readonly url: string; readonly language: AlertRoute['language'] };

/** How an attempt ended, as the route's own answers say. `refused`: it never will take it. `retryAfterMs`: it wants to be left alone for so long. */
export type Ended = {
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly answer: string | null;
  readonly result: 'taken' | 'failed' | 'refused';
  /** It may have been taken though nobody said so. */
  readonly isUnsure: boolean;
  readonly retryAfterMs?: number;
};

/** Where a message leads: one change to its decision, all else to the queue or the alerts. No number of a person is in it. */
export function linkOf(publicUrl: string, { facts, message }: AlertToDeliver['message']): string {
  const [first] = facts.examples;
  if (message === 'digest') return `${publicUrl}/queue`;
  if (facts.what !== 'identity_changes') return `${publicUrl}/alerts`;
  return facts.count === 1 && first !== undefined ? changeLink(publicUrl, first.contactId) : `${publicUrl}/queue`;
}

/** Where the decision on a contact is made. */
export const changeLink = (publicUrl: string, contactId: string): string => `${publicUrl}/changes/${contactId}`;

import { z } from 'zod';
import { ConsentCategory } from './changed-events.ts';
import { AcknowledgementRequest, ContactJson } from './http.ts';
import { ContactId, PhoneNumberId } from './ids.ts';

/** A change as it was seen, without a verdict. */
export const DecisionPreviewRequest = AcknowledgementRequest.pick({ keyHash: true, version: true });
export type DecisionPreviewRequest = z.infer<typeof DecisionPreviewRequest>;

const kept = <Item extends z.ZodType>(item: Item) => z.object({ stay: z.array(item), end: z.array(item) });
/** What a verdict would make of the number: for whoever has it then, beside what holds for it now. */
export const VerdictOutcome = z.object({
  /** Whether the block would be over; false: something that nobody has seen still speaks against it. */
  released: z.boolean(),
  /** Consent that was given, and stops: what ends stays with the person we knew, and counts for this number no more. */
  optIns: kept(ConsentCategory),
  optOuts: kept(ConsentCategory),
  /** Numbers of ours that may answer freely. */
  serviceWindows: kept(PhoneNumberId),
  /** Whoever has the number then is blocked by choice. */
  businessBlocked: z.boolean(),
  /** The person we knew, as they would be. */
  known: ContactJson,
  /** Whoever has the number then: of the same person the same contact. An id that is not there yet is another one when it comes to be. */
  holder: ContactJson,
});
export type VerdictOutcome = z.infer<typeof VerdictOutcome>;
/** A verdict: what it would do, or why it can't be given. */
export const VerdictPreview = z.object({ refused: z.enum(['nothing_to_split']).nullable(), outcome: VerdictOutcome.nullable() });
export type VerdictPreview = z.infer<typeof VerdictPreview>;
/** What each verdict on exactly this change would do. Nothing was done. */
export const DecisionPreviewJson = DecisionPreviewRequest.extend({
  contactId: ContactId,
  same_person: VerdictPreview,
  different_person: VerdictPreview,
});
export type DecisionPreviewJson = z.infer<typeof DecisionPreviewJson>;

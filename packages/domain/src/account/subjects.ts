import type { Newest } from './newest.ts';
import type { Registers } from './register.ts';

type Restriction = { readonly restriction: string; readonly expiresAt?: string | undefined };

/** What is said of a number of ours, whether by its id or by the number itself. */
export type NumberValues = {
  readonly waba: { readonly wabaId: string };
  /** The number itself, of one that is known by its id. */
  readonly display: { readonly displayNumber: string };
  readonly connection: { readonly connected: boolean; readonly event: string; readonly reason?: string | undefined };
  /** `flagged`: its quality is low; `unflagged`: no longer. */
  readonly quality: { readonly status: 'flagged' | 'unflagged' };
  readonly limit: { readonly limit: string; readonly previous?: string | undefined };
  readonly throughput: { readonly event: string };
  readonly name: { readonly decision: string; readonly requestedName?: string | undefined; readonly rejectionReason?: string | undefined };
  /** The name that people see: the last that was approved. */
  readonly verifiedName: { readonly name: string };
  readonly username: { readonly username?: string | undefined; readonly status: string };
  readonly security: { readonly event: string };
  readonly calling: { readonly status: string };
  readonly alert: { readonly alert: string; readonly severity?: string | undefined; readonly status?: string | undefined };
};

/** What is said of an account of ours. */
export type WabaValues = {
  readonly connection: NumberValues['connection'];
  readonly review: { readonly decision: string };
  readonly ban: { readonly state: string };
  readonly violation: { readonly type: string };
  readonly restrictions: { readonly restrictions: readonly Restriction[] };
  readonly capability: { readonly limit?: string | undefined; readonly phoneNumbersMax?: number | undefined };
  readonly alert: NumberValues['alert'];
};

/** What is said of a template. */
export type TemplateValues = {
  readonly named: { readonly wabaId: string; readonly name: string; readonly language?: string | undefined };
  readonly status: { readonly status: string; readonly reason?: string | undefined; readonly detail?: string | undefined };
  readonly quality: { readonly quality: string; readonly previous?: string | undefined };
  readonly category: { readonly category: string };
  /** Where it is to be another category soon; null: it is no longer to be. */
  readonly nextCategory: { readonly next: string | null };
  readonly content: { readonly buttonTypes: readonly string[] };
};

/** Whom or what something is about. `display`: a number of ours that is named by the number itself, digits only. */
export type SubjectKind = 'number' | 'display' | 'waba' | 'template';
/** The one that it is about. */
export type Subject = { readonly kind: SubjectKind; readonly id: string };

/** What is kept of one. `newest`: the newest messages to a number; `lastHashAt`: when the last came that carried a key hash, in seconds. */
export type SubjectState = {
  readonly registers: Registers<NumberValues> | Registers<WabaValues> | Registers<TemplateValues>;
  readonly newest?: Newest;
  readonly lastHashAt?: number | null;
};
/** Of whom nothing is known yet. */
export const unknownSubject: SubjectState = { registers: {} };

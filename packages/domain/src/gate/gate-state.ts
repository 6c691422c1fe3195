import type { ConsentCategory, ConsentView, ContactView } from '@keyturn/contracts';

/** Of each category, when it went out. */
export type SentLately = Readonly<Partial<Record<ConsentCategory, readonly number[]>>>;

/** What the gate asks of one contact. */
export type GateContact = {
  readonly contactId: string;
  /** Whether every slice has followed all that the directory says of it. */
  readonly followed: boolean;
  readonly identity: {
    readonly blocked: boolean;
    /** Per number of ours, the hashes accepted or open. */
    readonly hashes: ReadonlyMap<string, readonly string[]>;
    /** Whether somebody decided on a hash that nobody knew, and none was seen on this number of ours since. */
    awaits(phoneNumberId: string): boolean;
  };
  readonly consent: Readonly<Record<ConsentCategory, Pick<ConsentView[ConsentCategory], 'status'>>>;
  readonly serviceWindows: ContactView['serviceWindows'];
  readonly businessBlocked: boolean;
  /** The last that the platform could not bring was not followed by anything that it could, nor by a word of the person. Absent: nothing says so. */
  readonly unreachable?: boolean;
  /** When the gate sent what, in Unix milliseconds, by category, those merged into this contact included. Absent: nobody asked, since nothing is capped. */
  readonly sent?: SentLately;
};

/** What is known of the number of ours that a send goes out from. */
export type OwnNumber = {
  /** Of the number itself; null: its digits are not known. */
  readonly countryCode: string | null;
  /** Ours no longer on the platform, or its account is. */
  readonly disconnected: boolean;
  /** The platform lets its account do less, or has disabled it. */
  readonly restricted: boolean;
  /** People don't like what it sends. */
  readonly flagged: boolean;
  /** Whether messages to it carry key hashes, so that a stranger on a known number can be seen. */
  readonly identityCheck: 'on' | 'partly' | 'off' | 'unknown';
};

/** What is known of a send's recipient, and how current that is. */
export type GateState = {
  /** How far what is known may be behind, in milliseconds; Infinity: some consumer was never there, or has lost its log. */
  readonly ageMs: number;
  /** Whoever may be meant by `to`, and by `recipient`. More than one: the strictest counts. */
  readonly byTo: readonly GateContact[];
  readonly byRecipient: readonly GateContact[];
  /** Whoever may be meant by `to` where our own country code belongs before it. */
  readonly byHome: readonly GateContact[];
  /** Null: nothing was heard of the number that sends. */
  readonly number: OwnNumber | null;
};

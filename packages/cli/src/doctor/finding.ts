import type { Graph, GraphAnswer, GraphRefusal } from '@keyturn/runtime';

/** What `--fix` would do about a finding, in words, and the doing: null where it is done, else why not. */
export type Fix = { readonly says: string; run(): Promise<string | null> };

/** One thing that was looked at. `unreadable`: nobody can say, and why. */
export type Finding = {
  /** The app, the token, an account or a number. */
  readonly about: string;
  readonly check: string;
  readonly state: 'good' | 'bad' | 'unreadable';
  readonly found: string;
  /** Why it matters; empty where it is good. */
  readonly why: string;
  readonly fix?: Fix;
};

/** How the platform is spoken with: as whoever has the token, and as the app itself, where its secret is known. */
export type Doors = { readonly graph: Graph; readonly asApp: Graph | null; readonly verifyToken: string | null };

/** A refusal in words, with the code to look up and the id that the platform's support asks for. */
export const refusedBecause = ({ code, message, details, fbtraceId }: GraphRefusal): string =>
  [`${code ?? 'no code'}: ${details ?? message}`, ...(fbtraceId === null ? [] : [`(fbtrace_id ${fbtraceId})`])].join(' ');

/** Null where it is done, else why not. */
export const outcomeOf = (answer: GraphAnswer): string | null => (answer.kind === 'ok' ? null : refusedBecause(answer.refusal));

/** What is as it should be. */
export const good = (about: string, check: string, found: string): Finding => ({ about, check, state: 'good', found, why: '' });
/** What the platform refuses to show. */
export const unreadable = (about: string, check: string, refusal: GraphRefusal, why: string): Finding => ({
  ...{ about, check, state: 'unreadable', why },
  found: `can't be read: the platform refused with ${refusedBecause(refusal)}`,
});

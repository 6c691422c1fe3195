/** How many of the newest messages say whether the identity check is on. */
const NEWEST_MAX = 16;
/** Fewer that all lack a hash say nothing: some kinds of messages have none. */
const NEWEST_MIN = 3;

/** The newest messages to a number of ours: when, which, and 1 where it carried a key hash. The newest first. */
export type Newest = readonly (readonly [at: number, id: string, withHash: 0 | 1])[];

/** Both together: any order, any grouping and any repeats give the same. */
export function joinNewest(one: Newest, other: Newest): Newest {
  const all = new Map([...one, ...other].sort(([, , a], [, , b]) => a - b).map((message) => [message[1], message]));
  return [...all.values()].sort(([at, id], [otherAt, otherId]) => otherAt - at || (id < otherId ? 1 : -1)).slice(0, NEWEST_MAX);
}

/** Whether the identity check is on, as the newest messages show it: all of them carry a hash while it is (`on`), none while it is not (`off`). `partly`:
 *  it was switched just now, or these people's numbers may not be shown. `unknown`: too few have come. */
export type CheckStatus = 'on' | 'partly' | 'off' | 'unknown';

/** What the newest messages say of the identity check. */
export function checkOf(newest: Newest): { readonly status: CheckStatus; readonly messages: number; readonly withHash: number } {
  const messages = newest.length;
  const withHash = newest.reduce((sum, [, , carried]) => sum + carried, 0);
  if (withHash === 0) return { status: messages < NEWEST_MIN ? 'unknown' : 'off', messages, withHash };
  return { status: withHash * 2 >= messages ? 'on' : 'partly', messages, withHash };
}

import type { Doors } from './doors.ts';
import type { Followed } from './follow-topics.ts';
import type { Teller } from './teller.ts';

/** What a story is told with: the doors of the running keyturn, its topics from now on, and a voice. */
export type Stage = { readonly doors: Doors; readonly followed: Followed; readonly teller: Teller };
/** A story with people of its own each time, so it can be told again and again. It throws where keyturn does not do what it tells. */
export type Story = { readonly about: string; tell(stage: Stage): Promise<void> };

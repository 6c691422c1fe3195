import { setTimeout as pause } from 'node:timers/promises';
import { type Behind, mostBehind } from './behind.ts';
import { createPace } from './pace.ts';
import type { World } from './world.ts';

/** The pace of a replay over this line: see `createPace`. */
export const liveFirst = (world: World, rate: number, onWait: (behind: Behind) => void): ((events: number) => Promise<void>) =>
  createPace({ rate, behind: () => mostBehind(world), nowMs: () => performance.now(), pause, onWait });

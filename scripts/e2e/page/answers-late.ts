import { setTimeout as later } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** A browser takes what moves within half a second of a click for what was wanted by it (https://web.dev/articles/cls, read 2026-11). */
const LATE_MS = 600;

/** From here on every answer to what somebody does comes so late that whatever moves for it moved by itself, as it does on a slow machine. */
export const answersLate = (page: Page): Promise<unknown> =>
  page.route(/\/(v1|auth)\//, async (route) => {
    if (route.request().method() !== 'GET') await later(LATE_MS);
    await route.fallback().catch(() => {}); // the page may be gone by now
  });

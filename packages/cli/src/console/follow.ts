import { setTimeout as pause } from 'node:timers/promises';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { addressOf } from './address.ts';
import { parsed, refusalOf, unreachable } from './connect.ts';

/** One event of the console's stream. */
export type StreamEvent = { readonly id: string; readonly event: string; readonly data: unknown };
const PAUSE_MS = 1_000;
/** So often may the console be away, one after the other, before that is said to be so. */
const AWAY_MAX = 30;

/** Every event of the console's stream from now on, without an end: where the stream ends it goes on after the last one that came. Throws a failure where the console
 *  refuses, or is away for half a minute; `onAway` is told before. */
export async function* follow(options: { url?: string }, io: Io, onAway: (why: string) => void): AsyncGenerator<StreamEvent> {
  const { url, key } = addressOf(options, io);
  let lastId: string | null = null;
  for (let away = 0; ; ) {
    try {
      const response = await fetch(new URL('/v1/stream', url), {
        headers: { authorization: `Bearer ${key()}`, accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) },
        redirect: 'error',
      });
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (!response.ok || !isStream) throw refusalOf(url, response.status, parsed(await response.text()));
      for await (const event of eventsIn(response)) {
        away = 0;
        if (event.id !== '') lastId = event.id;
        yield event;
      }
      await pause(PAUSE_MS);
    } catch (error) {
      if (error instanceof Error && 'exit' in error && error.exit !== exitCodes.unreachable) throw error;
      away += 1;
      if (away > AWAY_MAX || (lastId === null && away > 1)) throw failure(exitCodes.unreachable, unreachable(url, error as Error));
      onAway(unreachable(url, error as Error));
      await pause(PAUSE_MS);
    }
  }
}

/** The events of one answer, as https://html.spec.whatwg.org/multipage/server-sent-events.html has them, as far as the console uses that. */
async function* eventsIn(response: Response): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('data') !== '') yield { id: field('id'), event: field('event'), data: parsed(field('data')) };
    }
  }
}

import type { ConsentRequest } from '@keyturn/contracts';

/** When they first wrote, in seconds; and an instant so many seconds after it. */
export const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
export const at = (seconds: number) => new Date((T + seconds) * 1000).toISOString();

/** What a business says that somebody agreed to, so many seconds after `T`. */
export const optIn = (seconds: number, more: Partial<ConsentRequest> = {}): ConsentRequest => ({
  ...{ kind: 'explicit', categories: ['marketing'], source: 'web_form', occurredAt: at(seconds) },
  evidence: { url: 'https://shop.example/offers', wording: 'Yes, send me offers on WhatsApp', submission: 4711 },
  ...more,
});
/** And that they want no more. */
export const optOut = (seconds: number, more: Partial<ConsentRequest> = {}): ConsentRequest =>
  optIn(seconds, { kind: 'stop', source: 'ivr', evidence: {}, ...more });

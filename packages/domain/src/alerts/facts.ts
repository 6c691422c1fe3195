import type { AlertFacts, AlertWhat } from '@keyturn/contracts';

/** Facts of a cause of which nothing is known but what it is. */
export const factsOf = (what: AlertWhat, known: Partial<Omit<AlertFacts, 'what'>> = {}): AlertFacts => ({
  ...{ what, subject: null, name: null, count: null, since: null, detail: null, optedIn: 0 },
  ...{ signals: [], phoneNumberIds: [], ranges: [], examples: [] },
  ...known,
});

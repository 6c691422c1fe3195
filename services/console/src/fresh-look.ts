const FRESH_MS = 5_000;

/** What a look at PostgreSQL found, looked for anew where that was more than five seconds ago: one look at a time, whoever asks. `onStale` is called before
 *  each new look, so that what is shown is not old news while it fails. */
export function freshLook<Found>(look: () => Promise<Found>, onStale: () => void): () => Promise<Found> {
  let known: { readonly found: Found; readonly at: number } | null = null;
  let looking: Promise<Found> | null = null;
  return async () => {
    if (known !== null && performance.now() - known.at < FRESH_MS) return known.found;
    onStale();
    looking ??= look().finally(() => {
      looking = null;
    });
    known = { found: await looking, at: performance.now() };
    return known.found;
  };
}

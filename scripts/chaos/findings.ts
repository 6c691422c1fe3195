/** What a promise broken looks like: lost, doubled, made up, or let go. */
type Kind = 'lost' | 'doubled' | 'invented' | 'wronglyReleased';

/** What the checker finds, each with a word on where. */
export type Findings = {
  add(kind: Kind, what: string): void;
  readonly counts: Readonly<Record<Kind, number>>;
  /** The first of each kind. */
  readonly words: readonly string[];
};

const WORDS_MAX = 10;

/** Nothing is found yet. */
export function newFindings(): Findings {
  const counts: Record<Kind, number> = { lost: 0, doubled: 0, invented: 0, wronglyReleased: 0 };
  const words: string[] = [];
  return {
    ...{ counts, words },
    add(kind, what) {
      counts[kind] += 1;
      if (counts[kind] <= WORDS_MAX) words.push(`${kind}: ${what}`);
    },
  };
}

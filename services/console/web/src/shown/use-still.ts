import { useMemo, useRef, useState } from 'react';
import { type Held, type Still, stillOf } from './still.ts';

/** A list that holds still while it is read anew, until somebody asks for what came in above. `keyOf` is one and the same. */
export function useStill<Row>(
  read: readonly Row[] | undefined,
  keyOf: (row: Row) => string,
): Still<Row> & { readonly showAll: () => void } {
  const shown = useRef<readonly Held<Row>[] | null>(null);
  const [asked, setAsked] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks is shown the list as it is
  const still = useMemo(() => (read === undefined ? null : stillOf(shown.current, read, keyOf)), [read, keyOf, asked]);
  if (still !== null) shown.current = still.rows;
  const showAll = () => {
    shown.current = null;
    setAsked(asked + 1);
  };
  return { ...(still ?? { rows: [], fresh: 0 }), showAll };
}

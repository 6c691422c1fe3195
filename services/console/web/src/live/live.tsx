import type { StreamAsOf, StreamChange } from '@keyturn/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useSelecting } from '../selection/selecting.tsx';
import { heard } from '../selection/selection.ts';

/** How long nothing may come before what is shown counts as old: `as-of` comes every three seconds. */
const SILENT_MS = 10_000;
/** Lists are read anew so often at most, however much moves. */
const LISTS_EVERY_MS = 1_000;

/** Whether what is shown is of now, and how many changes are open; null: not known yet. */
export type Live = { readonly isLive: boolean; readonly asOf: string | null; readonly openChanges: number | null };
const LiveNow = createContext<Live>({ isLive: false, asOf: null, openChanges: null });
/** The same, for whatever shows it. */
export const useLive = (): Live => useContext(LiveNow);

/** Follows the stream for all that is below, and has what moved read anew. While it is down it says as of when all is; once it is back everything is
 *  read anew where the console can't say what was missed. */
export function Following({ children }: { children: ReactNode }) {
  const [live, setLive] = useState<Live>({ isLive: false, asOf: null, openChanges: null });
  const queries = useQueryClient();
  const { select } = useSelecting();
  useEffect(() => {
    const readAnew = (queryKey: readonly unknown[]) => void queries.invalidateQueries({ queryKey });
    let lists = 0;
    const readLists = () => {
      lists = 0;
      readAnew(['changes']);
      readAnew(['counts']);
    };
    const leave = follow({
      onChange: (change) => {
        setLive((before) => ({ ...before, openChanges: change.openChanges }));
        select((selection) => heard(selection, change));
        readAnew(['contact', change.contactId]);
        lists ||= window.setTimeout(readLists, LISTS_EVERY_MS);
      },
      onAsOf: ({ at, openChanges }) => setLive({ isLive: true, asOf: at, openChanges }),
      onReset: () => void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' }),
      onSilence: () => {
        setLive((before) => ({ ...before, isLive: false }));
        readAnew(['me']);
      },
    });
    return () => {
      clearTimeout(lists);
      leave();
    };
  }, [queries, select]);
  return <LiveNow.Provider value={live}>{children}</LiveNow.Provider>;
}

type Heard = {
  onChange(change: StreamChange): void;
  onAsOf(asOf: StreamAsOf): void;
  onReset(): void;
  onSilence(): void;
};

/** Listens until told not to. A browser comes back by itself, saying how far it was; where it gave up, this opens anew. */
function follow({ onChange, onAsOf, onReset, onSilence }: Heard): () => void {
  let source: EventSource;
  let silence = 0;
  const stillThere = () => {
    clearTimeout(silence);
    silence = window.setTimeout(() => {
      onSilence();
      if (source.readyState === EventSource.CLOSED) open();
      stillThere();
    }, SILENT_MS);
  };
  const open = () => {
    source?.close();
    source = new EventSource('/v1/stream');
    let opened = 0;
    source.addEventListener('change', ({ data }) => {
      stillThere();
      onChange(JSON.parse(data));
    });
    for (const name of ['as-of', 'reset'] as const) {
      source.addEventListener(name, ({ data }) => {
        stillThere();
        onAsOf(JSON.parse(data));
        if (name === 'reset') onReset();
      });
    }
    source.addEventListener('open', () => {
      opened += 1;
      if (opened === 1) onReset(); // later it is the browser that came back, and said how far it was
    });
  };
  open();
  stillThere();
  return () => {
    clearTimeout(silence);
    source.close();
  };
}

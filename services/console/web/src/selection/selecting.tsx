import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { nothing, type Selection } from './selection.ts';

/** What is selected, and how to select otherwise. */
export type Selecting = { readonly selection: Selection; readonly select: (by: (selection: Selection) => Selection) => void };
const Selected = createContext<Selecting>({ selection: nothing, select: () => {} });
/** What is selected now. It lasts from screen to screen, as long as somebody is signed in, and is kept nowhere. */
export const useSelecting = (): Selecting => useContext(Selected);

/** Everything below selects from one list. */
export function SelectingAll({ children }: { children: ReactNode }) {
  const [selection, select] = useState(nothing);
  const selecting = useMemo(() => ({ selection, select }), [selection]);
  return <Selected.Provider value={selecting}>{children}</Selected.Provider>;
}

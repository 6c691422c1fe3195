import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../api/request.ts';
import { type Unsaved, useUnsaved } from '../../shell/leaving.tsx';
import { type Draft, differences, onTop, type Typed } from './draft.ts';
import { type Faults, faultsOf } from './faults.ts';

/** A rule or route as it is kept, in the shape of its form. */
export type Kept = { readonly version: number; readonly setBy: string; readonly setAt: string; readonly draft: Draft };
type Asked = {
  /** What the form begins with. */
  readonly start: Draft;
  /** As it is kept now; null: it is to be made. */
  readonly kept: Kept | null;
  save(draft: Draft, version: number | null): Promise<unknown>;
  /** Reads what is kept anew. */
  readAgain(): void;
  /** Goes on, with what was saved. */
  done(draft: Draft): void;
};
/** A form of something that others may set meanwhile. */
export type SettingForm = {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly unsaved: Unsaved;
  /** What the form began from, and what somebody else made of it meanwhile; null: nothing. */
  readonly newer: { readonly from: Kept; readonly to: Kept } | null;
  set(path: string, typed: Typed): void;
  setAll(draft: Draft): void;
  /** Goes on from what is newer, with what was changed here on top, or without. */
  goOn(isMineKept: boolean): void;
  submit(): void;
};

/** Keeps what is typed until it is saved, whatever fails meanwhile; what somebody else set stops it, and is shown. */
export function useSettingForm({ start, kept, save, readAgain, done }: Asked): SettingForm {
  const [from, setFrom] = useState({ kept, draft: start });
  const [draft, setDraft] = useState(start);
  const [mended, setMended] = useState<ReadonlySet<string>>(new Set());
  const unsaved = useUnsaved(differences(from.draft, draft).length > 0);
  const saving = useMutation({
    mutationFn: () => save(draft, from.kept?.version ?? null),
    onSuccess: () => {
      unsaved.release();
      done(draft);
    },
    onError: () => {
      setMended(new Set());
      readAgain();
    },
  });
  const named = saving.isError ? faultsOf(problemOf(saving.error)) : {};
  const faults = Object.fromEntries(Object.entries(named).filter(([path]) => !mended.has(path)));
  const isNewer = kept !== null && from.kept !== null && kept.version !== from.kept.version;
  return {
    ...{ draft, faults, unsaved, isBusy: saving.isPending, error: saving.error },
    newer: isNewer && from.kept !== null ? { from: from.kept, to: kept } : null,
    set(path, typed) {
      setDraft((before) => ({ ...before, [path]: typed }));
      setMended((before) => new Set([...before, path]));
    },
    setAll(to) {
      setDraft(to);
      saving.reset();
    },
    goOn(isMineKept) {
      if (kept === null) return;
      setDraft(isMineKept ? onTop(from.draft, draft, kept.draft) : kept.draft);
      setFrom({ kept, draft: kept.draft });
      saving.reset();
    },
    submit: () => saving.mutate(),
  };
}

/** Puts the focus on the first field that could not be taken. */
export function useFocusOnFault(error: unknown) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);
  return form;
}

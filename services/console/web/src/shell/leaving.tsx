import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { AroundNavHandler } from 'wouter';
import { useWords } from '../words/language.tsx';
import { shellWords } from './words.ts';

/** Who holds somebody on a screen, because something there is not saved; null: nobody. */
let holder: ((go: () => void) => void) | null = null;

/** Goes elsewhere, or asks first. */
export const askBeforeLeaving: AroundNavHandler = (navigate, to, options) => {
  if (holder === null) navigate(to, options);
  else holder(() => navigate(to, options));
};

/** What a screen with something unsaved has: the question, where somebody is about to leave, and how to leave without it. */
export type Unsaved = { readonly go: (() => void) | null; stay(): void; release(): void };

/** Holds whoever is about to leave while something is not saved: by a link, back and forward, and by closing (where the browser asks). */
export function useUnsaved(isUnsaved: boolean): Unsaved {
  const [go, setGo] = useState<(() => void) | null>(null);
  useEffect(() => {
    if (!isUnsaved) return;
    const hold = (leave: () => void) => setGo(() => leave);
    const onClose = (event: BeforeUnloadEvent) => event.preventDefault();
    const onTraverse = (event: NavigateEvent) => {
      const { key } = event.destination;
      if (holder === null || event.navigationType !== 'traverse' || !event.cancelable) return;
      event.preventDefault();
      hold(() => void window.navigation.traverseTo(key));
    };
    holder = hold;
    window.addEventListener('beforeunload', onClose);
    window.navigation?.addEventListener('navigate', onTraverse);
    return () => {
      holder = null;
      window.removeEventListener('beforeunload', onClose);
      window.navigation?.removeEventListener('navigate', onTraverse);
    };
  }, [isUnsaved]);
  const stay = useCallback(() => setGo(null), []);
  const release = useCallback(() => {
    holder = null;
  }, []);
  return { go, stay, release };
}

/** Asks whoever is about to leave: the first answer is to stay. */
export function Leaving({ unsaved: { go, stay, release } }: { unsaved: Unsaved }) {
  const w = useWords(shellWords);
  const dialog = useRef<HTMLDialogElement>(null);
  const isAsking = go !== null;
  useEffect(() => {
    if (isAsking) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isAsking]);
  return (
    <dialog ref={dialog} className="card leaving" aria-labelledby="leaving" onClose={stay}>
      <p id="leaving">{w.unsaved}</p>
      <p className="buttons">
        <Button className="primary" onPress={stay}>
          {w.stay}
        </Button>
        <Button
          onPress={() => {
            release();
            go?.();
          }}
        >
          {w.leave}
        </Button>
      </p>
    </dialog>
  );
}

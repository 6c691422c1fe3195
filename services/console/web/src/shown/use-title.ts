import { useEffect } from 'react';

/** Names the page after its screen. Never after a person or a number: titles are in histories and previews. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · keyturn`;
  }, [title]);
}

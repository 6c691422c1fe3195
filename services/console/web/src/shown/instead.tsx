import type { ReactNode } from 'react';

/** Words in the place of a button that is no more, as large as it was: `of` is what it said. */
export const Instead = ({ of, children }: { of: string; children: ReactNode }) => (
  <span className="instead">
    <span className="button unseen" aria-hidden="true">
      {of}
    </span>
    <span>{children}</span>
  </span>
);

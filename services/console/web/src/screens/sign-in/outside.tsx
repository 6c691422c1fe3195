import type { ReactNode } from 'react';
import { Ltr } from '../../shown/shown.tsx';

/** What stands around the screens of whoever is not signed in. Without a title the name of the product is it. */
export const Outside = ({ title, children }: { title?: string; children: ReactNode }) => {
  const Brand = title === undefined ? 'h1' : 'p';
  return (
    <main className="outside">
      <Brand className="brand">
        <Ltr>keyturn</Ltr>
      </Brand>
      {title !== undefined && <h1>{title}</h1>}
      {children}
    </main>
  );
};

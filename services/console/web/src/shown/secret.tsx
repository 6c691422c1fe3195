import { Ltr } from './shown.tsx';

const goThere = (element: HTMLElement | null) => element?.focus({ preventScroll: true });

/** What is shown this once, with what to do with it. The focus goes there. */
export const Secret = ({ lead, children }: { lead: string; children: string }) => (
  <div role="status" tabIndex={-1} ref={goThere}>
    <p>{lead}</p>
    <Ltr className="secret code">{children}</Ltr>
  </div>
);

/** Where one will be, of so many characters: as large as it. */
export const SecretToCome = ({ lead, length }: { lead: string; length: number }) => (
  <div className="unseen" aria-hidden="true">
    <p>{lead}</p>
    <span className="secret code">{'0'.repeat(length)}</span>
  </div>
);

import type { ReactNode } from 'react';

/** Why something was not done, beneath what was to do it; null: nothing is wrong. The place is there all the time, so that nothing moves when it is said. */
export const Answer = ({ children }: { children: ReactNode }) => (
  <div className="answer">{children !== null && <p role="alert">{children}</p>}</div>
);

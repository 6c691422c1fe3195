import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';

/** A button in whose place comes what it asks for; once that is over, the focus is on it again. */
export function Opening({ label, children }: { label: string; children: (onEnd: () => void) => ReactNode }) {
  const [stage, setStage] = useState<'not yet' | 'now' | 'no more'>('not yet');
  if (stage === 'now') return children(() => setStage('no more'));
  return (
    <Button autoFocus={stage === 'no more'} onPress={() => setStage('now')}>
      {label}
    </Button>
  );
}

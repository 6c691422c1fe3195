import { Button } from 'react-aria-components';
import { Secret } from '../../shown/secret.tsx';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from './words.tsx';

type Props = {
  readonly lead: string;
  readonly onEnd: () => void;
  readonly children: string | undefined;
  /** What is said where there is nothing to show. */
  readonly without?: string;
};
/** What was made and is shown this once, until whoever made it says that they have it. */
export function MadeOnce({ lead, onEnd, children, without }: Props) {
  const w = useWords(settingsWords);
  return (
    <div className="card">
      {children === undefined ? <p role="status">{without}</p> : <Secret lead={lead}>{children}</Secret>}
      <p className="buttons">
        <Button onPress={onEnd}>{w.done}</Button>
      </p>
    </div>
  );
}

import { Button } from 'react-aria-components';
import { Secret } from '../../shown/secret.tsx';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from './words.tsx';

type Props = { readonly lead: string; readonly onEnd: () => void; readonly children: string | undefined };
/** What was made and is shown this once, until whoever made it says that they have it. Without `children` there is nothing to show. */
export function MadeOnce({ lead, onEnd, children }: Props) {
  const w = useWords(settingsWords);
  return (
    <div className="card">
      {children !== undefined && <Secret lead={lead}>{children}</Secret>}
      <p className="buttons">
        <Button onPress={onEnd}>{w.done}</Button>
      </p>
    </div>
  );
}

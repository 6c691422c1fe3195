import { Ltr } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { healthWords } from './words.tsx';

/** What a consumer is called; one that the page does not know, by its own name. */
export function ConsumerName({ group }: { group: string }) {
  const { consumers } = useWords(healthWords);
  return group in consumers ? consumers[group as keyof typeof consumers] : <Ltr className="code">{group}</Ltr>;
}

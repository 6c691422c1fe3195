import { Button } from 'react-aria-components';
import { counted, useWords, words } from '../words/language.tsx';

const said = words({
  en: { fresh: (count: number) => counted('en', count, { one: 'Show # new one', other: 'Show # new ones' }) },
  ar: {
    fresh: (count: number) =>
      counted('ar', count, {
        one: 'اعرض جديدًا واحدًا',
        two: 'اعرض جديدين',
        few: 'اعرض # جديدة',
        many: 'اعرض # جديدًا',
        other: 'اعرض # جديد',
      }),
  },
});

type Props = { readonly title: string; readonly fresh: number; readonly onShow: () => void };
/** The heading of a list that holds still: beside it, in a place of its own, how many came in since. */
export function StillHeading({ title, fresh, onShow }: Props) {
  const w = useWords(said);
  return (
    <header className="still-heading">
      <h2>{title}</h2>
      <span role="status">
        {fresh > 0 && (
          <Button className="quiet" onPress={onShow}>
            {w.fresh(fresh)}
          </Button>
        )}
      </span>
    </header>
  );
}

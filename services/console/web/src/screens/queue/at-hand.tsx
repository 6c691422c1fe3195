import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import { useSelecting } from '../../selection/selecting.tsx';
import { nothing, SELECTED_MAX } from '../../selection/selection.ts';
import { useWords } from '../../words/language.tsx';
import { queueWords } from './words.tsx';

type Props = {
  /** Rows that are shown and were decided on meanwhile. */
  readonly gone: number;
  /** Of what is selected, how many are not in the list that is shown. */
  readonly elsewhere: number;
  readonly decideAt: string;
  readonly onTidy: () => void;
};

/** Says at the lower edge, over whatever is scrolled to, how many are selected and what came of rows meanwhile. So no row moves when it comes or goes. */
export function AtHand({ gone, elsewhere, decideAt, onTidy }: Props) {
  const w = useWords(queueWords);
  const { selection, select } = useSelecting();
  const { size } = selection.seen;
  const isSelecting = size > 0 || selection.dropped > 0;
  const said = [
    isSelecting && w.selected(size),
    elsewhere > 0 && w.elsewhere(elsewhere),
    selection.dropped > 0 && w.dropped(selection.dropped),
    size >= SELECTED_MAX && w.most,
  ].filter((one) => one !== false);
  return (
    <section className="at-hand" aria-label={w.atHand} data-empty={gone === 0 && !isSelecting}>
      <p role="status">{said.join(' ')}</p>
      {isSelecting && (
        <p className="buttons">
          <Button onPress={() => select(() => nothing)}>{w.unselect}</Button>
          {size > 0 && (
            <Link className="button primary" href={decideAt}>
              {w.decideSelected}
            </Link>
          )}
        </p>
      )}
      <p role="status">{gone > 0 && w.moved(gone)}</p>
      {gone > 0 && (
        <Button className="quiet" onPress={onTidy}>
          {w.newest}
        </Button>
      )}
    </section>
  );
}

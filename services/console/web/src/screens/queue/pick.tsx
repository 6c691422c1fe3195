import { type KeyboardEvent, memo } from 'react';
import { useWords } from '../../words/language.tsx';
import { queueWords } from './words.tsx';

/** Where the word stands that the name of every box begins with. */
const PICK_WORD = 'pick-word';
/** Where it stands whom a row is about. */
export const whoId = (contactId: string): string => `who-${contactId}`;

/** What can be done by the boxes of the list. */
export type Picking = {
  toggle(contactId: string, isRange: boolean): void;
  extend(from: string, to: string): void;
  toggleAll(): void;
  goOn(): void;
};
type Props = { readonly contactId: string; readonly isSelected: boolean; readonly isGone: boolean; readonly picking: Picking };

/** Selects a row: by click, with Shift from the last one on; by Space, by Shift and an arrow with the rows beside it. It keeps its place, and the focus, when its row is gone. */
export const Pick = memo(function Pick({ contactId, isSelected, isGone, picking }: Props) {
  return (
    <label className="pick-row">
      <input
        type="checkbox"
        checked={isSelected}
        aria-disabled={isGone || undefined}
        aria-labelledby={`${PICK_WORD} ${whoId(contactId)}`}
        data-contact={contactId}
        onKeyDown={(event) => moveBy(event, contactId, picking)}
        onChange={({ nativeEvent }) => picking.toggle(contactId, (nativeEvent as PointerEvent).shiftKey === true)}
      />
    </label>
  );
});

function moveBy(event: KeyboardEvent<HTMLInputElement>, contactId: string, picking: Picking): void {
  const { key, shiftKey, ctrlKey, metaKey, currentTarget } = event;
  if (key === 'a' && (ctrlKey || metaKey)) picking.toggleAll();
  else if (key === 'Enter') picking.goOn();
  else if (key === 'ArrowDown' || key === 'ArrowUp') {
    const row = currentTarget.closest('li');
    const beside = (key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling)?.querySelector('input');
    beside?.focus();
    const to = beside?.dataset.contact;
    if (shiftKey && to !== undefined) picking.extend(contactId, to);
  } else return;
  event.preventDefault();
}

type AllProps = { readonly selected: 'none' | 'some' | 'all'; readonly onToggle: () => void };
/** Selects every row that is shown. */
export function PickAll({ selected, onToggle }: AllProps) {
  const w = useWords(queueWords);
  return (
    <div className="pick-all">
      <label>
        <input
          type="checkbox"
          checked={selected === 'all'}
          ref={(box) => {
            if (box !== null) box.indeterminate = selected === 'some';
          }}
          onChange={onToggle}
        />
        {w.selectAll}
      </label>
      <small>{w.byKeys}</small>
      <span id={PICK_WORD} hidden>
        {w.select}
      </span>
    </div>
  );
}

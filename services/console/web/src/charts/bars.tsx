import { type PointerEvent, useState } from 'react';
import { useLanguage } from '../words/language.tsx';
import { pickedOf } from './picked.ts';

/** One step of time. `parts`: how high each of its parts is, of 1, from the foot up; null: nobody knows, which is no zero. */
export type Bar = {
  /** When it begins, written so that what is later sorts later. */
  readonly key: string;
  readonly parts: readonly number[] | null;
  /** It goes on, or was counted in part. */
  readonly isPartial?: boolean;
  readonly isBad?: boolean;
  /** The step in words. */
  readonly says: string;
};

/** Bars over time. One is picked, by pointer, finger or arrow keys, and said in words beneath; at first the latest that has something to say. Without a bar there is
 *  nothing to pick. */
export function Bars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const isRtl = useLanguage() === 'ar';
  const [chosen, setChosen] = useState<string | null>(null);
  const latest = bars.findLastIndex(({ parts }) => parts !== null);
  const picked = pickedOf(
    bars.map(({ key }) => key),
    chosen,
    latest === -1 ? bars.length - 1 : latest,
  );
  const choose = (at: number) => setChosen(bars[Math.max(0, Math.min(bars.length - 1, at))]?.key ?? null);
  const follow = ({ clientX, currentTarget }: PointerEvent<HTMLInputElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const at = (clientX - left) / width;
    choose(Math.floor((isRtl ? 1 - at : at) * bars.length));
  };
  return (
    <>
      <div className="plot">
        <div className="bars" aria-hidden="true" data-dense={bars.length > 60}>
          {bars.map((bar, i) => (
            <Column key={bar.key} bar={bar} isPicked={i === picked} />
          ))}
        </div>
        {bars.length > 0 && (
          <input
            className="pick"
            type="range"
            min={0}
            max={bars.length - 1}
            value={picked}
            aria-label={label}
            aria-valuetext={bars[picked]?.says}
            onChange={({ target }) => choose(Number(target.value))}
            onPointerMove={follow}
            onPointerDown={follow}
          />
        )}
      </div>
      <p className="readout" aria-hidden="true">
        {bars[picked]?.says}
      </p>
    </>
  );
}

function Column({ bar: { parts, isPartial = false, isBad = false }, isPicked }: { bar: Bar; isPicked: boolean }) {
  return (
    <span className="column" data-unknown={parts === null} data-partial={isPartial} data-bad={isBad} data-picked={isPicked}>
      {parts?.map(
        (height, i) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is what stands at its place
          height > 0 && <span key={i} className="part" style={{ blockSize: `max(2px, ${height * 100}%)` }} />,
      )}
    </span>
  );
}

import type { Stretch } from './stretches.ts';

type Props = {
  readonly stretches: readonly Stretch<number>[];
  /** How many levels there are; 0 is the lowest. */
  readonly levels: number;
  /** Levels that are trouble. */
  readonly bad?: readonly number[];
  /** What is to be seen, for whoever does not. */
  readonly label: string;
};

/** How something stood over time: a line that goes level until it turns. Where nobody knows, there is none. */
export function StepLine({ stretches, levels, bad = [], label }: Props) {
  const [from, to] = [stretches[0]?.from ?? 0, stretches.at(-1)?.to ?? 1];
  const along = (at: number) => ((at - from) / (to - from)) * 100;
  const up = (level: number) => ((level + 0.5) / levels) * 100;
  return (
    <div className="plot" role="img" aria-label={label}>
      {stretches.map((one, i) => {
        const place = { insetInlineStart: `${along(one.from)}%`, inlineSize: `${along(one.to) - along(one.from)}%` };
        if (one.value === null) return <span key={one.from} className="unknown" style={place} />;
        const before = stretches[i - 1]?.value ?? null;
        const [low, high] = [Math.min(before ?? one.value, one.value), Math.max(before ?? one.value, one.value)];
        return (
          <span key={one.from}>
            <span className="level" data-bad={bad.includes(one.value)} style={{ ...place, insetBlockEnd: `${up(one.value)}%` }} />
            {low < high && (
              <span
                className="rise"
                style={{ insetInlineStart: place.insetInlineStart, insetBlockEnd: `${up(low)}%`, blockSize: `${up(high) - up(low)}%` }}
              />
            )}
          </span>
        );
      })}
    </div>
  );
}

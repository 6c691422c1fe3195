import { type ReactNode, useId, useState } from 'react';
import { useWords } from '../words/language.tsx';
import { chartWords } from './words.ts';

type Cell = { readonly key: string; readonly cells: readonly ReactNode[] };
/** The same in words and numbers, for whoever does not see the picture. */
type ChartTable = { readonly heads: readonly string[]; readonly rows: readonly Cell[] };

type Props = {
  readonly title: string;
  /** What is to be seen, in a sentence. */
  readonly summary: ReactNode;
  /** The words beside the picture, the uppermost first. */
  readonly levels: readonly string[];
  /** The words under it, evenly spaced, the earliest first. Time runs as the language reads: from right to left in Arabic. */
  readonly times: readonly string[];
  /** Levels stand in the middle of as many bands, not on lines. */
  readonly isBanded?: boolean;
  readonly table: ChartTable;
  readonly children: ReactNode;
};

/** A picture of numbers over time, with what it says beside it, and all of it as a table. */
export function Chart({ title, summary, levels, times, isBanded = false, table, children }: Props) {
  const id = useId();
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption>
        <h2 id={id}>{title}</h2>
        <p className="chart-summary">{summary}</p>
      </figcaption>
      <div className="chart-body" data-banded={isBanded}>
        <ol className="levels" aria-hidden="true">
          {levels.map((level) => (
            <li key={level}>{level}</li>
          ))}
        </ol>
        {children}
        <p className="axis" aria-hidden="true">
          {times.map((time) => (
            <span key={time}>{time}</span>
          ))}
        </p>
      </div>
      <Table title={title} table={table} />
    </figure>
  );
}

function Table({ title, table: { heads, rows } }: { title: string; table: ChartTable }) {
  const w = useWords(chartWords);
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{w.table}</summary>
      {isOpen && (
        <table className="chart-table">
          <caption className="hidden">{title}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, cells: [first, ...others] }) => (
              <tr key={key}>
                <th scope="row">{first}</th>
                {others.map((cell, i) => (
                  <td key={heads[i + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

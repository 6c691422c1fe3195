import { Written } from '../../shown/written.tsx';
import { useWords } from '../../words/language.tsx';
import { changeWords } from './words.tsx';

/** How to verify the person, in the business's own words where it has any, else in ours. */
export function Runbook({ text }: { text: string | null }) {
  const w = useWords(changeWords);
  return (
    <section className="runbook">
      <h2>{w.runbook}</h2>
      {text === null ? (
        <ol>
          {w.runbookText.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      ) : (
        <Written>{text}</Written>
      )}
    </section>
  );
}

import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import { problemOf } from '../api/request.ts';
import { useWords } from '../words/language.tsx';
import { shellWords } from './words.ts';

/** What comes of it where the console did not answer itself: what was to be done may have been. */
const UNANSWERED = [0, 502, 504];

/** Says what went wrong with what was to be done, and what happens next, in the reader's language. */
export function useFaultWords(): (error: unknown) => string {
  const w = useWords(shellWords);
  return (error) => {
    const { status, detail } = problemOf(error);
    if (UNANSWERED.includes(status)) return w.unanswered;
    if (status === 403) return w.forbidden;
    if (status === 404) return w.gone;
    return status >= 500 ? w.busy : w.refused(detail);
  };
}

/** Stands where something will be, as large as a screen, so that nothing moves when it comes. */
export function Loading() {
  const { loading } = useWords(shellWords);
  return (
    <p className="state" role="status">
      {loading}
    </p>
  );
}

/** Stands where something could not be read. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const w = useWords(shellWords);
  const faultWords = useFaultWords();
  return (
    <div className="state" role="alert">
      <p>{UNANSWERED.includes(problemOf(error).status) ? w.unreachable : faultWords(error)}</p>
      <Button onPress={onRetry}>{w.retry}</Button>
    </div>
  );
}

/** Stands at a path that is no screen. */
export function NotFound() {
  const w = useWords(shellWords);
  return (
    <div className="state">
      <h1>{w.notFound}</h1>
      <Link href="/">{w.toQueue}</Link>
    </div>
  );
}

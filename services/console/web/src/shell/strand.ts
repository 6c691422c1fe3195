import { chosenLanguage } from '../words/settings.ts';
import { shellWords } from './words.ts';

/** Where the page itself failed: says so instead of leaving a blank, and offers to load it anew. */
export function strand(place: HTMLElement, error: unknown): void {
  reportError(error);
  const w = shellWords[chosenLanguage()];
  const [words, again] = [document.createElement('p'), document.createElement('button')];
  words.textContent = w.stranded;
  again.textContent = w.reload;
  again.addEventListener('click', () => location.reload());
  const main = document.createElement('main');
  main.className = 'outside';
  main.append(words, again);
  place.replaceChildren(main);
}

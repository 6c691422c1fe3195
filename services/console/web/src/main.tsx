import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/screens.css';
import './styles/settings.css';
import './styles/charts.css';
import './styles/selecting.css';
import './styles/steady.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { problemOf } from './api/request.ts';
import { App } from './shell/app.tsx';
import { strand } from './shell/strand.ts';
import { chosenLanguage, chosenTheme, show, speak } from './words/settings.ts';

const FAST_RETRIES = 2;

speak(chosenLanguage());
show(chosenTheme());

/** Whoever is refused may be somebody else by now, or nobody: what is offered follows. */
const onError = (error: unknown) => {
  if ([401, 403].includes(problemOf(error).status)) void queries.invalidateQueries({ queryKey: ['me'] });
};
const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      retry: (times, error) => [0, 502, 503, 504].includes(problemOf(error).status) && times < FAST_RETRIES,
      refetchOnWindowFocus: false, // the stream says when something moved
      staleTime: 5_000,
    },
  },
});
const place = document.getElementById('page');
if (place === null) throw new Error('the document has no place for the page');
createRoot(place, { onUncaughtError: (error) => strand(place, error) }).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);

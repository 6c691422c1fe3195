import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/screens.css';
import './styles/charts.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { problemOf } from './api/request.ts';
import { App } from './shell/app.tsx';
import { strand } from './shell/strand.ts';
import { chosenLanguage, chosenTheme, show, speak } from './words/settings.ts';

const FAST_RETRIES = 2;

speak(chosenLanguage());
show(chosenTheme());

const queries = new QueryClient({
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

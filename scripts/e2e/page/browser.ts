import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { chromiumPath } from './chromium.ts';

/** A real Chromium. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'],
  });
}

/** How somebody looks at the page. */
export type View = { readonly language: 'en' | 'ar'; readonly device: 'phone' | 'desktop'; readonly theme?: 'light' | 'dark' };
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1_200, height: 850 } } as const;

/** For what never comes, not for what a busy machine takes long for. */
const PATIENCE_MS = 120_000;

/** A browser of its own for somebody, who sees the page so. */
export async function contextOf(browser: Browser, { language, device, theme = 'light' }: View): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: sizes[device],
    hasTouch: device === 'phone',
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: language === 'ar' ? 'ar-SA' : 'en-GB',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** Keeps whatever the pages of a browser complain about: what their policy forbade, what they threw, what shifted their layout. */
export async function complaintsOf(context: BrowserContext): Promise<string[]> {
  const complaints: string[] = [];
  await context.exposeBinding('complain', (_source, complaint: string) => void complaints.push(complaint));
  await context.addInitScript(() => {
    const { complain } = window as unknown as { complain(words: string): void };
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      complain(`policy: ${violatedDirective} ${blockedURI}`),
    );
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
        if (!entry.hadRecentInput && entry.value > 0.05) complain(`layout shift of ${entry.value} at ${location.pathname}`);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  context.on('page', (page) => page.on('pageerror', (error) => void complaints.push(`thrown: ${error.message}`)));
  return complaints;
}

import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';

/** Only words of ours are shown, so of the component library's translations those of our two languages are enough. */
const locales = /^(en|ar)/;

/** Everything in files of its own, named by their hash: the page's policy allows nothing inline. */
export const pageConfig = (outDir: string): InlineConfig => ({
  root: import.meta.dirname,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  plugins: [
    react(),
    {
      name: 'our-languages',
      enforce: 'pre',
      load: (id) => {
        const [, locale] = /react-(?:aria|stately)[^?]*\/intl\/[^?]*\/([a-z]{2}-[A-Z]{2})\.m?js$/.exec(id) ?? [];
        return locale === undefined || locales.test(locale) ? null : 'export default {}';
      },
    },
  ],
  build: {
    outDir: path.resolve(outDir),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000, // what is too much is measured compressed, by a test
  },
});

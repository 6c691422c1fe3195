import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { View } from './browser.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Throws where a screen scrolls sideways, cuts words off, has English in Arabic, or anything that axe finds. */
export async function looksRight(page: Page, language: View['language']): Promise<void> {
  const { lang, dir, faults, english } = await page.evaluate(look);
  expect({ at: new URL(page.url()).pathname, lang, dir, faults, english: language === 'ar' ? english : [] }).toEqual({
    ...{ at: expect.any(String), lang: language, dir: language === 'ar' ? 'rtl' : 'ltr' },
    ...{ faults: [], english: [] },
  });
  await page.evaluate(axe); // by the debugger: the page's policy has no place for scripts of others
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
  });
  expect(found).toEqual([]);
}

/** Runs in the browser: what is wider than it may be, words that are cut off, and words in Latin letters that are no names (one is Ada Operator), numbers, ids or what somebody wrote. */
function look(): { lang: string; dir: string; faults: string[]; english: string[] } {
  const { lang, dir, scrollWidth } = document.documentElement;
  const isCut = (one: HTMLElement) => {
    const { overflowX, display } = getComputedStyle(one);
    if (['auto', 'scroll'].includes(overflowX) || display === 'inline' || one.clientWidth <= 1) return false; // 1: for ears alone
    return one.scrollWidth > one.clientWidth + 1 && one.closest('.hidden, .skip, [aria-hidden="true"], option') === null;
  };
  const cut = [...document.querySelectorAll<HTMLElement>('main, main *, header *')].filter(isCut);
  const said: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    if (!node.parentElement?.closest('bdi, textarea, script, style, [lang="en"]:not(html)')) said.push(node.textContent ?? '');
  for (const name of ['aria-label', 'title', 'placeholder'])
    for (const one of document.querySelectorAll(`[${name}]`)) said.push(one.getAttribute(name) ?? '');
  const words = said
    .flatMap((text) => text.match(/[A-Za-z]{2,}/g) ?? [])
    .filter((word) => !/^(keyturn|doctor|fix|https?|Ada|Operator)$/.test(word));
  return {
    ...{ lang, dir, english: [...new Set(words)] },
    faults: [
      ...(scrollWidth > window.innerWidth ? ['it scrolls sideways'] : []),
      ...cut.map((one) => `cut: ${one.outerHTML.slice(0, 160)}`),
    ],
  };
}

import type { RunbookForJson } from '@keyturn/contracts';
import { plain } from './plain.ts';

/** How the business wants this person verified, as it wrote it; nothing where it wrote nothing. */
export const runbookText = ({ rule, text }: RunbookForJson): string[] =>
  text === null
    ? []
    : [`How to verify${rule === null ? '' : ` (${plain(rule)})`}:`, ...text.split('\n').map((line) => `  ${plain(line)}`.trimEnd()), ''];

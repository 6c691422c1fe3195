/** A piece of a text; `href` where it is an address that may be opened. */
export type Piece = { readonly text: string; readonly href: string | null };

/** What may stand in an address as it is written: printable ASCII, so that nothing hidden in it turns it round. */
const ADDRESS = /https?:\/\/[!-~]+/gi;
const NOT_ITS_END = /[.,;:!?'")\]}>]+$/;

/** A line of plain text with the addresses in it told apart: those of the web alone, and none that has a user in it and so reads as another place than it
 *  leads to. Put together the pieces are the line. */
export function linksIn(line: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: written, index } of line.matchAll(ADDRESS)) {
    const text = written.replace(NOT_ITS_END, '');
    const href = hrefOf(text);
    if (href === null) continue;
    pieces.push({ text: line.slice(from, index), href: null }, { text, href });
    from = index + text.length;
  }
  return [...pieces, { text: line.slice(from), href: null }].filter((piece) => piece.text !== '');
}

function hrefOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, username, password, href } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '' ? href : null;
}

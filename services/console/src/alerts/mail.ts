import { alertWords } from '@keyturn/domain';
import { changeLink, type Told } from './told.ts';

/** A mail in both its forms. */
export type MailBody = { readonly subject: string; readonly text: string; readonly html: string };
type Row = { readonly label: string; readonly text: string; readonly href: string | null };

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** Of text as it is shown; a date is not torn apart at the end of a line. */
const shownAs = (text: string): string => escaped(text).replaceAll(/\d{4}-\d\d-\d\d/g, '<span style="white-space:nowrap">$&</span>');

/** The mail that tells a message, from right to left where its language is read so. No number of a person is in the subject, in what an inbox shows of the text, or
 *  in a link. */
export function mailBody(told: Told, publicUrl: string): MailBody {
  const { said, url, language } = told;
  const rows = rowsOf(told, publicUrl);
  const text = [
    ...[said.title, '', `${said.action}: ${url}`, ''],
    ...rows.flatMap(({ label, text, href }) => [`${label}: ${text}`, ...(href === null ? [] : [href, ''])]),
  ].join('\n');
  return { subject: said.title, text, html: htmlOf(told, rows, language === 'ar' ? 'rtl' : 'ltr') };
}

/** What there is to say; of a digest each change, with the link that opens its decision. */
function rowsOf({ said, message, language }: Told, publicUrl: string): Row[] {
  const words = alertWords[language];
  const lines = said.lines.map(([label, text]) => ({ label, text, href: null }));
  if (message.message !== 'digest') return lines;
  const changes = message.facts.examples.map(({ contactId, number, since, signals }) => ({
    label: words.instant(since),
    text: [words.apart(number ?? '–'), ...signals.map((signal) => words.signals[signal] ?? signal)].join(words.separator),
    href: changeLink(publicUrl, contactId),
  }));
  return [...changes, ...lines];
}

/** As mail programs take it: what they know no style sheet for stands with each element, and the sheet only turns it dark. */
function htmlOf({ said, url, language }: Told, rows: readonly Row[], dir: 'rtl' | 'ltr'): string {
  const align = dir === 'rtl' ? 'right' : 'left';
  const cell = `padding:6px 0;border-bottom:1px solid #e2e2e2;text-align:${align};vertical-align:top`;
  const rowOf = ({ label, text, href }: Row) => {
    const shown = href === null ? shownAs(text) : `<a class="link" href="${escaped(href)}" style="color:#0b57d0">${escaped(text)}</a>`;
    const before = `padding-${dir === 'rtl' ? 'left' : 'right'}:16px`;
    return `<tr><th scope="row" class="cell quiet" style="${cell};${before};font-weight:400;color:#555">${shownAs(label)}</th><td class="cell" style="${cell};overflow-wrap:anywhere"><bdi>${shown}</bdi></td></tr>`;
  };
  return `<!doctype html>
<html lang="${language}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escaped(said.title)}</title>
<style>${DARK}</style></head>
<body class="page" dir="${dir}" style="margin:0;padding:24px;font:16px/1.5 system-ui,'Segoe UI',Tahoma,sans-serif;color:#1a1a1a;background:#fff">
<div style="display:none;max-height:0;overflow:hidden">${escaped(said.title)}${'&#8199;&#847; '.repeat(60)}</div>
<div dir="${dir}" style="max-width:640px;margin:0 auto;text-align:${align}">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${shownAs(said.title)}</h1>
<p style="margin:0 0 20px"><a class="act" href="${escaped(url)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#0b57d0;color:#fff;text-decoration:none">${escaped(said.action)}</a></p>
<table style="width:100%;border-collapse:collapse">
${rows.map(rowOf).join('\n')}
</table>
</div></body></html>
`;
}

const DARK = `@media (prefers-color-scheme: dark) {
.page { background: #16181c !important; color: #e8e8e8 !important }
.quiet { color: #b4b4b4 !important }
.cell { border-color: #3a3d43 !important }
.link { color: #8ab4f8 !important }
.act { background: #8ab4f8 !important; color: #10131a !important }
}`;

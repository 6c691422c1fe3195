/** A mail as whoever reads it sees it: base64 and quoted-printable undone, the headers' words decoded. */
export function readMail(raw: string): { readonly subject: string; readonly text: string; readonly html: string } {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const boundary = /boundary="([^"]+)"/.exec(head.replace(/\r\n\s+/g, ' '))?.[1] ?? '';
  const parts = rest.join('\r\n\r\n').split(`--${boundary}`);
  const of = (type: string) => {
    const [partHead = '', ...body] = (parts.find((part) => part.includes(`Content-Type: ${type}`)) ?? '').split('\r\n\r\n');
    return decoded(body.join('\r\n\r\n').trim(), /Content-Transfer-Encoding: (\S+)/i.exec(partHead)?.[1] ?? '');
  };
  const subject = /^Subject: (.*(?:\r\n\s.*)*)/m.exec(head)?.[1] ?? '';
  return { subject: words(subject), text: of('text/plain'), html: of('text/html') };
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  return fromQuoted(body.replace(/=\r\n/g, ''));
}
const fromQuoted = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
const words = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_all, kind: string, body: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(body, 'base64').toString('utf8') : fromQuoted(body.replaceAll('_', ' ')),
    );

const TOKEN = /EA[A-Za-z0-9]{20,}|\d{5,}\|[\w-]{10,}/g;

/** A text of the platform's without what opens doors: these secrets, and whatever looks like a token. It quotes back what it can't read. */
export function redacted(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret !== '').reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
  return known.replace(TOKEN, '[secret]');
}

import { firstAdminUrl } from '@keyturn/console';
import type { MeJson } from '@keyturn/contracts';
import { ADMIN_KEY, type Line } from '../line.ts';

/** Somebody who may sign in, and a session of theirs. */
export type Signed = {
  readonly actor: string;
  readonly email: string;
  readonly password: string;
  readonly cookie: { readonly name: string; readonly value: string };
};
const password = 'a sentence that nobody guesses';

/** Makes the first admin by the link, as whoever starts keyturn does. */
export async function firstAdmin(line: Line): Promise<Signed> {
  const link = await firstAdminUrl({ DATABASE_URL: line.databaseUrl, KEYTURN_ADMIN_API_KEY: ADMIN_KEY }, line.consoleUrl);
  if (link === null) throw new Error('there is no link for a first admin');
  return join(line.consoleUrl, 'first-admin', link, { name: 'Ada Operator', email: 'ada@example.com' });
}

/** Sets the password of somebody who was invited. */
export const acceptInvitation = async (line: Line, link: string, email: string): Promise<Signed> => ({
  ...(await join(line.consoleUrl, 'invitation', link, {})),
  email,
});

async function join(consoleUrl: string, by: string, link: string, who: { name?: string; email?: string }): Promise<Signed> {
  const answer = await fetch(`${consoleUrl}/auth/${by}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-keyturn-request': 'page', origin: consoleUrl },
    body: JSON.stringify({ token: new URL(link).hash.slice(1), ...who, password }),
  });
  const { actor } = (await answer.json()) as MeJson;
  const [cookie = ''] = answer.headers.getSetCookie();
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(cookie) ?? [];
  if (name === undefined || value === undefined) throw new Error(`no session: ${answer.status}`);
  return { actor, email: who.email ?? '', password, cookie: { name, value } };
}

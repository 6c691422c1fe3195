import { offerFirstAdmin, openDatabase } from '@keyturn/store';
import { loadConfig } from '../config.ts';
import { accessSettings } from './settings.ts';

/** Where the first admin is made, once, of the page at a URL; a link made before is of no use any more. Null: there is a member already, or passwords are off. The
 *  token is behind `#`, which no browser sends and no log has. */
export async function firstAdminUrl(env: NodeJS.ProcessEnv, pageUrl: string): Promise<string | null> {
  const config = loadConfig(env);
  if (!accessSettings(config).local) return null;
  const database = openDatabase(config, 'console');
  const token = await offerFirstAdmin(database, new Date()).finally(() => database.close());
  return token === null ? null : `${(config.CONSOLE_PUBLIC_URL ?? pageUrl).replace(/\/+$/, '')}/first-admin#${token}`;
}

// usage: npx node infra/make-secrets.ts   Makes up the secrets of compose.yaml in infra/secrets/ where they are missing; what is there stays.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const dir = path.join(import.meta.dirname, 'secrets');
mkdirSync(dir, { recursive: true, mode: 0o700 });

/** The secret as its file has it; made up and written where there is none. A container reads the file under another account, whatever the umask here, so the folder guards it. */
function secret(name: string, made: () => string = () => randomBytes(24).toString('hex')): string {
  const file = path.join(dir, name);
  if (!existsSync(file)) {
    writeFileSync(file, made());
    chmodSync(file, 0o644);
    console.log(`made  ${file}`);
  }
  return readFileSync(file, 'utf8').trim();
}

for (const [role, name] of [
  ['keyturn_services', 'database'],
  ['keyturn_owner', 'database-owner'],
]) {
  const password = secret(`${name}-password`);
  secret(`${name}-url`, () => `postgres://${role}:${password}@postgres:5432/keyturn`);
}
secret('whatsapp-verify-token');
secret('admin-api-key');
secret('verification-key');
secret('token-key');
for (const yours of ['smtp-url', 'oidc-client-secret']) secret(yours, () => ''); // empty: there is no mail server, no login of an organisation
const appSecret = path.join(dir, 'whatsapp-app-secret');
if (!existsSync(appSecret))
  console.log(`\nStill missing: ${appSecret}. It is your Meta app's secret (App settings, Basic), which nobody can make up.`);

import { migrate, openDatabase } from '@keyturn/store';
import { type TestDatabase, testDatabase } from '@keyturn/testkit';
import startParts from '../../packages/testkit/src/global-setup.ts';
import { PARTS } from '../../packages/testkit/src/parts.ts';

declare global {
  var keyturnTestTemplate: TestDatabase | undefined;
}

/** Kafka and PostgreSQL for the whole run, and in it what most databases of the tests are copies of: migrated once, not once a file. */
export default async function globalSetup(): Promise<void> {
  if (globalThis.keyturnTestTemplate) return;
  await startParts();
  const template = await testDatabase();
  globalThis.keyturnTestTemplate = template;
  const config = { DATABASE_URL: template.url, DATABASE_SCHEMA: 'keyturn', DATABASE_CONNECTIONS_MAX: 2 };
  const database = openDatabase(config, 'template');
  await migrate(database, new Date()).finally(() => database.close());
  process.env[PARTS.template] = new URL(template.url).pathname.slice(1);
}

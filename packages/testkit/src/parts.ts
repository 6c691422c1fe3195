/** What a test run gets from outside or starts for itself, by the name of the variable that tells every test file. */
export const PARTS = {
  brokers: 'KEYTURN_TEST_KAFKA_BROKERS',
  databaseUrl: 'KEYTURN_TEST_DATABASE_URL',
  /** The database that those of test files are copies of. */
  template: 'KEYTURN_TEST_DATABASE_TEMPLATE',
} as const;

/** The value that the global setup left for the test files. Throws when a test file runs without it. */
export function partOf(name: (typeof PARTS)[keyof typeof PARTS]): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: run this test as part of the int or e2e project (npm run test:int), whose global setup sets it.`);
}

/** One Kafka and one PostgreSQL for the whole run (global setup); each test file has a database and a topic prefix of its own. */
const project = (displayName, testRegex, needsParts) => ({
  displayName,
  testRegex,
  testPathIgnorePatterns: ['/node_modules/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }] },
  ...(needsParts
    ? { globalSetup: '<rootDir>/packages/testkit/src/global-setup.ts', globalTeardown: '<rootDir>/packages/testkit/src/global-teardown.ts' }
    : {}),
});

export default {
  projects: [
    project('unit', ['(?<!\\.(int|e2e))\\.test\\.ts$'], false),
    project('int', ['\\.int\\.test\\.ts$'], true),
    project('e2e', ['\\.e2e\\.test\\.ts$'], true),
  ],
};

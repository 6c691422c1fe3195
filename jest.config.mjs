/** Files that hold something to a time, or load the machine so that others would wait: nothing else runs beside them. */
const ALONE = [
  ...['scripts/e2e/chaos', 'scripts/e2e/races', 'services/ingress/src/hostile-load'],
  ...['packages/runtime/src/kafka/outage', 'packages/store/src/journal-months', 'packages/store/src/migrate'],
];
const alone = `/(${ALONE.join('|')})\\.(int|e2e)\\.test\\.ts$`;

/** One Kafka and one PostgreSQL for the whole run (global setup); each test file has a database and a topic prefix of its own. */
const project = (displayName, testRegex, more = {}) => ({
  displayName,
  testRegex,
  testPathIgnorePatterns: ['/node_modules/', ...(more.runner ? [] : [alone])],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }] },
  ...more,
});
const parts = {
  globalSetup: '<rootDir>/scripts/test/global-setup.ts',
  globalTeardown: '<rootDir>/scripts/test/global-teardown.ts',
};
const runner = '<rootDir>/scripts/test/alone.mjs';

export default {
  maxWorkers: 2, // where there are two cores jest would take one
  workerIdleMemoryLimit: '1GB', // what a file leaves behind adds up, until to collect it holds up the next for seconds
  testSequencer: '<rootDir>/scripts/test/longest-first.mjs',
  projects: [
    project('unit', '(?<!\\.(int|e2e))\\.test\\.ts$'),
    project('int', '\\.int\\.test\\.ts$', parts),
    project('e2e', '\\.e2e\\.test\\.ts$', parts),
    project('int', alone.replace('int|e2e', 'int'), { ...parts, runner }),
    project('e2e', alone.replace('int|e2e', 'e2e'), { ...parts, runner }),
  ],
};

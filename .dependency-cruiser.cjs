/** Holds the one-way rule: contracts ← domain ← runtime ← store ← services, normalize beside runtime. Each may import what stands to its left. */
const outside = (names) => `^(packages/(${names})|services)/`;
const pure = { dependencyTypesNot: ['type-only'] };
const tests = '\\.(test|int\\.test|e2e\\.test|fixture)\\.ts$';
/** The product's own code: tests may use the testkit and each other's neighbours. */
const source = (path) => ({ path, pathNot: tests });

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: pure } },
    {
      name: 'contracts-stand-alone',
      severity: 'error',
      from: source('^packages/contracts/'),
      to: { path: outside('(?!contracts/)[^/]+') },
    },
    {
      name: 'domain-imports-contracts',
      severity: 'error',
      from: source('^packages/domain/'),
      to: { path: outside('(?!contracts/|domain/)[^/]+') },
    },
    {
      name: 'normalize-imports-domain',
      severity: 'error',
      from: source('^packages/normalize/'),
      to: { path: outside('(?!contracts/|domain/|normalize/)[^/]+') },
    },
    {
      name: 'runtime-knows-no-store',
      severity: 'error',
      from: source('^packages/runtime/'),
      to: { path: outside('normalize|store|replay|cli|testkit|embedded') },
    },
    {
      name: 'store-knows-no-service',
      severity: 'error',
      from: source('^packages/store/'),
      to: { path: outside('normalize|replay|cli|testkit|embedded') },
    },
    {
      name: 'cli-speaks-http',
      comment: 'But for the commands that work on PostgreSQL and Kafka themselves: they load what they need when they are called.',
      severity: 'error',
      from: {
        path: '^packages/cli/',
        pathNot: `${tests}|^packages/cli/src/(doctor/|commands/doctor\\.ts$)|^packages/cli/src/commands/(migrate|topics|replay|replay-text)\\.ts$`,
      },
      to: { path: outside('domain|normalize|runtime|store|replay|testkit|embedded') },
    },
    {
      name: 'cli-loads-no-more',
      severity: 'error',
      from: { path: '^packages/cli/src/(doctor/|commands/(migrate|topics|doctor|replay|replay-text)\\.ts$)' },
      to: { path: outside('domain|normalize|testkit|embedded') },
    },
    {
      name: 'replay-knows-no-service',
      severity: 'error',
      from: source('^packages/replay/'),
      to: { path: outside('cli|testkit|embedded') },
    },
    {
      name: 'embedded-stands-alone',
      severity: 'error',
      from: source('^packages/embedded/'),
      to: { path: outside('contracts|domain|normalize|runtime|store|replay|cli|testkit') },
    },
    {
      name: 'services-know-no-other',
      severity: 'error',
      from: source('^services/([^/]+)/'),
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    { name: 'ingress-loads-no-database', severity: 'error', from: source('^services/ingress/'), to: { path: '^packages/store/' } },
    {
      name: 'testkit-in-tests-only',
      severity: 'error',
      from: source('^(packages/(?!testkit/)|services/)'),
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'page-takes-types-only',
      comment:
        'The page is for a browser: of the rest it takes types and what alerts say alike, and a service takes nothing of it but what was built.',
      severity: 'error',
      from: source('^services/console/web/src/'),
      to: {
        path: '^(packages|services/console/src)/',
        pathNot: '^packages/domain/src/account/(platform-codes|grouped-number)\\.ts$',
        ...pure,
      },
    },
    {
      name: 'services-take-the-built-page',
      severity: 'error',
      from: { path: '^services/[^/]+/src/' },
      to: { path: '^services/console/web/' },
    },
    { name: 'services-import-no-scripts', severity: 'error', from: { path: '^(packages|services)/' }, to: { path: '^scripts/' } },
    {
      name: 'pure-code-touches-no-world',
      comment: 'contracts and domain import zod and nothing else; domain/contact may ask libphonenumber-js.',
      severity: 'error',
      from: source('^packages/(contracts|domain)/'),
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/(zod|libphonenumber-js)/' },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      from: source('^(packages|services)/[^/]+/src/'),
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/migrations/|^services/console/dist' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json', '.css'],
    },
  },
};

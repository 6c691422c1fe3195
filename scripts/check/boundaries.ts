// usage: npm run check:boundaries   Holds imports to .dependency-cruiser.cjs, and fails when it looked at too little to mean anything.
import { createRequire } from 'node:module';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';

const root = path.join(import.meta.dirname, '../..');
const { forbidden, options } = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs'));
/** A cruise that can't read TypeScript finds no module, or no import, and reports success. */
const MODULES_MIN = 200;
const EDGES_MIN = 500;

process.chdir(root);
const { output } = await cruise(['packages', 'services', 'scripts', 'infra'], { ...options, ruleSet: { forbidden }, validate: true });
const { violations, totalCruised = 0, totalDependenciesCruised = 0 } = (output as ICruiseResult).summary;
for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} → ${to}`);
if (totalCruised < MODULES_MIN || totalDependenciesCruised < EDGES_MIN) {
  console.error(`Only ${totalCruised} modules and ${totalDependenciesCruised} imports were seen: the check itself is broken.`);
  process.exitCode = 1;
}
console.log(`${totalCruised} modules, ${totalDependenciesCruised} imports, ${violations.length} violations`);
if (violations.length > 0) process.exitCode = 1;

// usage: npm run docs:webhooks   Writes docs/webhooks.md: every webhook field, message type and status, what becomes of it, and who acts on it.
import { writeFileSync } from 'node:fs';
import { allRows, pageOf } from './webhooks/table.ts';

const page = new URL('../docs/webhooks.md', import.meta.url);
const rows = allRows();
writeFileSync(page, pageOf(rows));
console.log(`docs/webhooks.md: ${rows.length} rows`);

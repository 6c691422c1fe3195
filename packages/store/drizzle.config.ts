import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate --name <what>` in this folder after a change of the schema; the journal's partitions are written by hand. */
export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/schema.ts',
    './src/relay/schema.ts',
    './src/dead-letters/schema.ts',
    './src/outbound/schema.ts',
    './src/gate-journal/schema.ts',
    './src/replays/schema.ts',
    './src/verification/schema.ts',
    './src/account/schema.ts',
    './src/block-mirror/schema.ts',
    './src/platform-tokens/schema.ts',
    './src/send-counts/schema.ts',
    './src/queue/schema.ts',
    './src/members/schema.ts',
    './src/audit/schema.ts',
    './src/bulk/schema.ts',
    './src/alerts/schema.ts',
    './src/webhook-counts/schema.ts',
    './src/runbook/schema.ts',
  ],
  out: './migrations',
});

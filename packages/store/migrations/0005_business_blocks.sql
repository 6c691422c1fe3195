ALTER TABLE "contact_state" ADD COLUMN "business_blocks" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_state" ADD COLUMN "business_blocked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contact_state" ADD COLUMN "blocked_wrote_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "contact_state_business_blocked" ON "contact_state" USING btree ("business_blocked_at","contact_id") WHERE "contact_state"."business_blocked_at" is not null;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "contact_state_blocked_wrote" ON "contact_state" USING btree ("business_blocked_at","contact_id") WHERE "contact_state"."blocked_wrote_at" is not null;
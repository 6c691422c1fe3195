ALTER TABLE "consumer_offset" ADD COLUMN "prefix" text;--> statement-breakpoint
ALTER TABLE "consumer_offset" ADD COLUMN "log_lost_at" timestamp with time zone;
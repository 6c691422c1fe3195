CREATE TABLE "bulk_decision" (
	"bulk_id" uuid PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"verdict" text NOT NULL,
	"reason" text NOT NULL,
	"note" text,
	"evidence_url" text,
	"filter" jsonb,
	"more" boolean NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"started_by" text,
	"started_at" timestamp with time zone,
	"cancelled_by" text,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "bulk_decision_row" (
	"bulk_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"contact_id" uuid NOT NULL,
	"key_hash" text,
	"version" integer NOT NULL,
	"outcome" text,
	"reason" text,
	"decision_id" uuid,
	"new_contact_id" uuid,
	"decided_at" timestamp with time zone,
	"taken_until" timestamp with time zone,
	CONSTRAINT "bulk_decision_row_bulk_id_place_pk" PRIMARY KEY("bulk_id","place")
);
--> statement-breakpoint
CREATE INDEX "bulk_decision_running" ON "bulk_decision" USING btree ("bulk_id") WHERE "bulk_decision"."status" = 'running';--> statement-breakpoint
CREATE INDEX "bulk_decision_row_waiting" ON "bulk_decision_row" USING btree ("bulk_id","place") WHERE "bulk_decision_row"."outcome" is null;
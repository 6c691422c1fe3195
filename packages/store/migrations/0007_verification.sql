CREATE TABLE "verification" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"key_hash" text,
	"rule" text NOT NULL,
	"endpoint" text NOT NULL,
	"verdicts" text[] NOT NULL,
	"change" jsonb NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone,
	"answer" jsonb,
	"result" jsonb,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "verification_delivery" (
	"request_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"http_status" integer,
	CONSTRAINT "verification_delivery_request_id_attempt_pk" PRIMARY KEY("request_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "verification_due" (
	"due_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "verification_due_due_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"contact_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verification_rules" (
	"version" integer PRIMARY KEY NOT NULL,
	"endpoints" jsonb NOT NULL,
	"rules" jsonb NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "identity_decision" ADD COLUMN "proof" jsonb;--> statement-breakpoint
CREATE UNIQUE INDEX "verification_version" ON "verification" USING btree ("contact_id","version");--> statement-breakpoint
CREATE INDEX "verification_to_send" ON "verification" USING btree ("endpoint","next_attempt_at") WHERE "verification"."status" = 'waiting';--> statement-breakpoint
CREATE INDEX "verification_open" ON "verification" USING btree ("valid_until") WHERE "verification"."status" in ('waiting', 'delivered');--> statement-breakpoint
CREATE INDEX "verification_status" ON "verification" USING btree ("status","request_id");
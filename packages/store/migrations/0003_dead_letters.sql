CREATE TABLE "dead_letter" (
	"dead_letter_id" uuid PRIMARY KEY NOT NULL,
	"group_id" text NOT NULL,
	"topic" text NOT NULL,
	"partition" integer NOT NULL,
	"offset" bigint NOT NULL,
	"key" text,
	"headers" jsonb NOT NULL,
	"value" "bytea" NOT NULL,
	"record_at" timestamp with time zone NOT NULL,
	"contact_id" uuid,
	"code" text NOT NULL,
	"cause" text NOT NULL,
	"stack" text NOT NULL,
	"attempts" integer NOT NULL,
	"dead_lettered_at" timestamp with time zone NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"outcome" text,
	"decisions" uuid[] DEFAULT '{}'::uuid[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dead_letter_decision" (
	"decision_id" uuid PRIMARY KEY NOT NULL,
	"action" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"filter" jsonb,
	"letters" integer NOT NULL,
	"decided_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_place" ON "dead_letter" USING btree ("group_id","topic","partition","offset");--> statement-breakpoint
CREATE INDEX "dead_letter_list" ON "dead_letter" USING btree ("status","group_id","code","dead_letter_id");--> statement-breakpoint
CREATE INDEX "dead_letter_requested" ON "dead_letter" USING btree ("group_id","topic","partition","offset") WHERE "dead_letter"."status" = 'requested';--> statement-breakpoint
CREATE INDEX "dead_letter_age" ON "dead_letter" USING btree ("dead_lettered_at");--> statement-breakpoint
CREATE INDEX "dead_letter_decisions" ON "dead_letter" USING gin ("decisions");
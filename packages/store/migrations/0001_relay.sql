CREATE TABLE "outbox_refused" (
	"position" bigint PRIMARY KEY NOT NULL,
	"shard" smallint NOT NULL,
	"key" text NOT NULL,
	"topic" text NOT NULL,
	"headers" jsonb NOT NULL,
	"value" "bytea" NOT NULL,
	"state_topic" text,
	"state" "bytea",
	"created_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"refused_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "state_sweep" (
	"slice" text PRIMARY KEY NOT NULL,
	"after" uuid,
	"round_at" timestamp with time zone NOT NULL
);

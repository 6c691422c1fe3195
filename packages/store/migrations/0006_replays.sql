CREATE TABLE "replay" (
	"replay_id" uuid PRIMARY KEY NOT NULL,
	"continues" uuid,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"reason" text NOT NULL,
	"selection" jsonb NOT NULL,
	"spans" jsonb NOT NULL,
	"requested_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "replay_progress" (
	"replay_id" uuid PRIMARY KEY NOT NULL,
	"next" jsonb NOT NULL,
	"counts" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);

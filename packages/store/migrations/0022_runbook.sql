CREATE TABLE "runbook" (
	"version" integer PRIMARY KEY NOT NULL,
	"general" text,
	"rules" jsonb NOT NULL,
	"actor" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL
);
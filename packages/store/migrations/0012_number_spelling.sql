CREATE TABLE "number_spelling" (
	"spelled" text PRIMARY KEY NOT NULL,
	"canonical" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);

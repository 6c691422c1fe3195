CREATE TABLE "kept_days" (
	"table_name" text PRIMARY KEY NOT NULL,
	"days" integer NOT NULL,
	"told_at" timestamp with time zone NOT NULL
);

CREATE TABLE "platform_token" (
	"token_id" uuid PRIMARY KEY NOT NULL,
	"of_kind" text NOT NULL,
	"of_id" text NOT NULL,
	"sealed" "bytea",
	"set_at" timestamp with time zone NOT NULL,
	"set_by" text NOT NULL,
	"removed_at" timestamp with time zone,
	"removed_by" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "platform_token_in_force" ON "platform_token" USING btree ("of_kind","of_id") WHERE "platform_token"."removed_at" is null;
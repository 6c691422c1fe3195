CREATE TABLE "block_mirror" (
	"phone_number_id" text NOT NULL,
	"scope" text NOT NULL,
	"identifier" text NOT NULL,
	"contact_id" uuid NOT NULL,
	"mirrored_at" timestamp with time zone,
	"refused_code" integer,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "block_mirror_phone_number_id_scope_identifier_pk" PRIMARY KEY("phone_number_id","scope","identifier")
);
--> statement-breakpoint
CREATE TABLE "block_mirror_due" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"leased_until" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "block_mirror_contact" ON "block_mirror" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "block_mirror_identifier" ON "block_mirror" USING btree ("scope","identifier");--> statement-breakpoint
CREATE INDEX "block_mirror_due_at" ON "block_mirror_due" USING btree ("due_at");
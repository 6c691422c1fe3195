CREATE TABLE "outbound_undeliverable" (
	"identifier" text PRIMARY KEY NOT NULL,
	"failed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "send_count" (
	"contact_id" uuid NOT NULL,
	"category" text NOT NULL,
	"sent_at" timestamp with time zone[] NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "send_count_contact_id_category_pk" PRIMARY KEY("contact_id","category")
);
--> statement-breakpoint
CREATE INDEX "send_count_last_at" ON "send_count" USING btree ("last_at");
CREATE TABLE "open_change" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"consent_version" integer NOT NULL,
	"blocked_at" timestamp with time zone NOT NULL,
	"facets" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "open_change_count" (
	"facet" text collate "C" PRIMARY KEY NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "open_change_due" (
	"due_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "open_change_due_due_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"contact_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "open_change_facet" (
	"facet" text collate "C" NOT NULL,
	"blocked_at" timestamp with time zone NOT NULL,
	"contact_id" uuid NOT NULL,
	CONSTRAINT "open_change_facet_facet_blocked_at_contact_id_pk" PRIMARY KEY("facet","blocked_at","contact_id")
);
--> statement-breakpoint
CREATE INDEX "open_change_count_busy" ON "open_change_count" USING btree ("count" DESC NULLS LAST) WHERE "open_change_count"."facet" >= 'c:' and "open_change_count"."facet" < 'd' and "open_change_count"."count" >= 3;
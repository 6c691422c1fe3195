CREATE TABLE "api_key" (
	"key_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"revoked_by" text
);
--> statement-breakpoint
CREATE TABLE "consent_ledger" (
	"contact_id" uuid NOT NULL,
	"fact_id" text NOT NULL,
	"identifier" text NOT NULL,
	"phone_number_id" text,
	"kind" text NOT NULL,
	"categories" text[] NOT NULL,
	"source" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"actor" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "consent_ledger_contact_id_fact_id_pk" PRIMARY KEY("contact_id","fact_id")
);
--> statement-breakpoint
CREATE TABLE "consent_state" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL,
	"holdings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"merged_into" uuid,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "consumer_offset" (
	"group_id" text NOT NULL,
	"topic" text NOT NULL,
	"partition" integer NOT NULL,
	"next_offset" bigint NOT NULL,
	"caught_up_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consumer_offset_group_id_topic_partition_pk" PRIMARY KEY("group_id","topic","partition")
);
--> statement-breakpoint
CREATE TABLE "contact" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"pin_identifier" text NOT NULL,
	"pin_at" timestamp with time zone NOT NULL,
	"merged_into" uuid,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_signal" (
	"contact_id" uuid NOT NULL,
	"signal" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "contact_signal_contact_id_signal_pk" PRIMARY KEY("contact_id","signal")
);
--> statement-breakpoint
CREATE TABLE "contact_state" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL,
	"holdings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"merged_into" uuid,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"profile_name" text
);
--> statement-breakpoint
CREATE TABLE "directory_link" (
	"scope" text NOT NULL,
	"identifier" text NOT NULL,
	"head" text NOT NULL,
	"first" timestamp with time zone NOT NULL,
	"last" timestamp with time zone NOT NULL,
	"steady_from" timestamp with time zone NOT NULL,
	"steady_to" timestamp with time zone NOT NULL,
	"contact_id" uuid,
	"generation" integer NOT NULL,
	CONSTRAINT "directory_link_scope_identifier_head_pk" PRIMARY KEY("scope","identifier","head")
);
--> statement-breakpoint
CREATE TABLE "directory_mention" (
	"scope" text NOT NULL,
	"identifier" text NOT NULL,
	"fact" text NOT NULL,
	CONSTRAINT "directory_mention_scope_identifier_fact_pk" PRIMARY KEY("scope","identifier","fact")
);
--> statement-breakpoint
CREATE TABLE "directory_report" (
	"scope" text NOT NULL,
	"fact" text NOT NULL,
	"previous" text[] NOT NULL,
	"current" text[] NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "directory_report_scope_fact_pk" PRIMARY KEY("scope","fact")
);
--> statement-breakpoint
CREATE TABLE "directory_split" (
	"scope" text NOT NULL,
	"fact" text NOT NULL,
	"carried" text[] NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "directory_split_scope_fact_pk" PRIMARY KEY("scope","fact")
);
--> statement-breakpoint
CREATE TABLE "identifier_period" (
	"scope" text NOT NULL,
	"identifier" text NOT NULL,
	"from" timestamp with time zone NOT NULL,
	"to" timestamp with time zone NOT NULL,
	"contact_id" uuid,
	"number" text NOT NULL,
	"number_from" timestamp with time zone NOT NULL,
	CONSTRAINT "identifier_period_scope_identifier_from_pk" PRIMARY KEY("scope","identifier","from")
);
--> statement-breakpoint
CREATE TABLE "identity_decision" (
	"decision_id" uuid PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"verdict" text NOT NULL,
	"key_hash" text,
	"version" integer NOT NULL,
	"reason" text NOT NULL,
	"note" text,
	"evidence_url" text,
	"actor" text NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	"new_contact_id" uuid
);
--> statement-breakpoint
CREATE TABLE "identity_state" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL,
	"holdings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"merged_into" uuid,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"status" text DEFAULT 'unknown' NOT NULL,
	"blocked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "journal" (
	"entry_id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "journal_entry_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"contact_id" uuid NOT NULL,
	"slice" text NOT NULL,
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"actor" text NOT NULL,
	"cause" jsonb NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"detail" jsonb,
	"occurred_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "journal_entry_id_recorded_at_pk" PRIMARY KEY("entry_id","recorded_at")
) PARTITION BY RANGE ("recorded_at");
--> statement-breakpoint
CREATE TABLE "outbox" (
	"position" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"shard" smallint NOT NULL,
	"key" text NOT NULL,
	"topic" text NOT NULL,
	"headers" jsonb NOT NULL,
	"value" "bytea" NOT NULL,
	"state_topic" text,
	"state" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "relay_shard" (
	"shard" smallint PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"released" boolean NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "waba_scope" (
	"waba_id" text PRIMARY KEY NOT NULL,
	"scope" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "contact_pin" ON "contact" USING btree ("scope","pin_identifier");--> statement-breakpoint
CREATE INDEX "contact_state_profile_name" ON "contact_state" USING btree (lower("profile_name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "directory_link_head" ON "directory_link" USING btree ("scope","head");--> statement-breakpoint
CREATE INDEX "directory_mention_fact" ON "directory_mention" USING btree ("scope","fact");--> statement-breakpoint
CREATE INDEX "identifier_period_contact" ON "identifier_period" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "identity_decision_contact" ON "identity_decision" USING btree ("contact_id","decided_at");--> statement-breakpoint
CREATE INDEX "identity_state_open" ON "identity_state" USING btree ("blocked_at","contact_id") WHERE "identity_state"."status" = 'blocked' and "identity_state"."merged_into" is null;--> statement-breakpoint
CREATE INDEX "journal_contact" ON "journal" USING btree ("contact_id","entry_id");--> statement-breakpoint
CREATE INDEX "outbox_shard" ON "outbox" USING btree ("shard","position");
--> statement-breakpoint
-- The journal by month. The default partition takes what no month has been made for, so an insert never fails for want of one.
CREATE TABLE "journal_default" PARTITION OF "journal" DEFAULT;
--> statement-breakpoint
-- Rows that every message touches keep room on their page, so that an update needs no new index entry.
ALTER TABLE "directory_link" SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "contact" SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "contact_state" SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE "identity_state" SET (fillfactor = 70);
--> statement-breakpoint
ALTER TABLE "consent_state" SET (fillfactor = 70);
--> statement-breakpoint
-- The outbox is a queue: empty most of the time, so it is vacuumed by what passed through, not by its size.
ALTER TABLE "outbox" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Three of these are kept by month. The default partition takes what no month has been made for, so an insert never fails for want of one.
CREATE TABLE "gate_number" (
	"phone_number_id" text PRIMARY KEY NOT NULL,
	"first_sent_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbound_sent" (
	"wamid" text NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"phone_number_id" text NOT NULL,
	"contact_id" uuid,
	"key_hash" text,
	"category" text,
	"template" text,
	"actor" text NOT NULL,
	CONSTRAINT "outbound_sent_wamid_sent_at_pk" PRIMARY KEY("wamid","sent_at")
) PARTITION BY RANGE ("sent_at");
--> statement-breakpoint
CREATE TABLE "outbound_sent_default" PARTITION OF "outbound_sent" DEFAULT;
--> statement-breakpoint
CREATE TABLE "outbound_ungated" (
	"identifier" text NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"wamid" text NOT NULL,
	"waba_id" text NOT NULL,
	"phone_number_id" text NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "outbound_ungated_identifier_sent_at_wamid_pk" PRIMARY KEY("identifier","sent_at","wamid")
) PARTITION BY RANGE ("sent_at");
--> statement-breakpoint
CREATE TABLE "outbound_ungated_default" PARTITION OF "outbound_ungated" DEFAULT;
--> statement-breakpoint
CREATE TABLE "ungated_candidate" (
	"wamid" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"waba_id" text NOT NULL,
	"phone_number_id" text NOT NULL,
	"source" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ungated_day" (
	"phone_number_id" text NOT NULL,
	"day" date NOT NULL,
	"messages" bigint NOT NULL,
	CONSTRAINT "ungated_day_phone_number_id_day_pk" PRIMARY KEY("phone_number_id","day")
);
--> statement-breakpoint
CREATE TABLE "gate_day" (
	"day" date NOT NULL,
	"phone_number_id" text NOT NULL,
	"category" text NOT NULL,
	"decision" text NOT NULL,
	"sends" bigint NOT NULL,
	CONSTRAINT "gate_day_day_phone_number_id_category_decision_pk" PRIMARY KEY("day","phone_number_id","category","decision")
);
--> statement-breakpoint
CREATE TABLE "gate_decision" (
	"decided_at" timestamp with time zone NOT NULL,
	"decision_id" uuid NOT NULL,
	"decision" text NOT NULL,
	"contact_id" uuid,
	"phone_number_id" text NOT NULL,
	"category" text,
	"template" text,
	"door" text NOT NULL,
	"reasons" text[] NOT NULL,
	"shadowed" text[] NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "gate_decision_decided_at_decision_id_pk" PRIMARY KEY("decided_at","decision_id")
) PARTITION BY RANGE ("decided_at");
--> statement-breakpoint
CREATE TABLE "gate_decision_default" PARTITION OF "gate_decision" DEFAULT;
--> statement-breakpoint
CREATE INDEX "outbound_ungated_wamid" ON "outbound_ungated" USING btree ("wamid");--> statement-breakpoint
CREATE INDEX "ungated_candidate_due" ON "ungated_candidate" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "gate_decision_contact" ON "gate_decision" USING btree ("contact_id","decided_at","decision_id") WHERE "gate_decision"."contact_id" is not null;
--> statement-breakpoint
-- Makes the months of a table of these three that are kept and the next ones, and drops those that are over for "days" days. It runs as the owner of the
-- schema, so that the role of the services needs no right to make or drop a table. A month of which rows are already where no month was made is left out:
-- they stay there until they are as old.
CREATE FUNCTION "keep_months"("of" text, "at" timestamp with time zone, "ahead" integer, "days" integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
	"home" text := current_schema();
	"by" text := CASE "of" WHEN 'outbound_sent' THEN 'sent_at' WHEN 'outbound_ungated' THEN 'sent_at' WHEN 'gate_decision' THEN 'decided_at' END;
	"oldest" timestamp := date_trunc('month', ("at" - make_interval(days => greatest("days", 1))) AT TIME ZONE 'UTC');
	"month" timestamp := "oldest";
	"name" text;
BEGIN
	IF "by" IS NULL THEN RAISE EXCEPTION 'keep_months keeps no table %', "of"; END IF;
	PERFORM pg_advisory_xact_lock(hashtextextended('keyturn.months:' || "home" || "of", 0));
	WHILE "month" <= date_trunc('month', "at" AT TIME ZONE 'UTC') + make_interval(months => least("ahead", 24)) LOOP
		"name" := "of" || '_' || to_char("month", 'YYYY_MM');
		IF to_regclass(format('%I.%I', "home", "name")) IS NULL THEN
			BEGIN
				EXECUTE format(
					'CREATE TABLE %1$I.%2$I PARTITION OF %1$I.%3$I FOR VALUES FROM (%4$L) TO (%5$L)',
					"home", "name", "of", "month" || '+00', ("month" + interval '1 month') || '+00');
			EXCEPTION WHEN check_violation THEN NULL;
			END;
		END IF;
		"month" := "month" + interval '1 month';
	END LOOP;
	FOR "name" IN
		SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = format('%I.%I', "home", "of")::regclass
		AND c.relname ~ '_\d{4}_\d{2}$' AND c.relname < "of" || '_' || to_char("oldest", 'YYYY_MM')
	LOOP
		EXECUTE format('DROP TABLE %I.%I', "home", "name");
	END LOOP;
	EXECUTE format('DELETE FROM %I.%I WHERE %I < %L', "home", "of" || '_default', "by", "oldest" || '+00');
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "keep_months"(text, timestamp with time zone, integer, integer) FROM PUBLIC;

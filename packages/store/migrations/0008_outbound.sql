CREATE TABLE "outbound_kept" (
	"one" smallint PRIMARY KEY NOT NULL,
	"begun_at" timestamp with time zone NOT NULL,
	"kept_from" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbound_status" (
	"identifier" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"wamid" text NOT NULL,
	"rank" smallint NOT NULL,
	"waba_id" text NOT NULL,
	"phone_number_id" text NOT NULL,
	"category" text,
	CONSTRAINT "outbound_status_identifier_occurred_at_wamid_rank_pk" PRIMARY KEY("identifier","occurred_at","wamid","rank")
) PARTITION BY RANGE ("occurred_at");
--> statement-breakpoint
-- By month. The default partition takes what no month has been made for, so an insert never fails for want of one.
CREATE TABLE "outbound_status_default" PARTITION OF "outbound_status" DEFAULT;
--> statement-breakpoint
-- Makes the months of what is kept and the next ones, drops those that are over for "days" days, and says in "outbound_kept" what is left. It runs as the
-- owner of the schema, so that the role of the services needs no right to make or drop a table. A month of which rows are already where no month was
-- made is left out: they stay there until they are as old.
CREATE FUNCTION "keep_outbound_months"("at" timestamp with time zone, "ahead" integer, "days" integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
	"home" text := current_schema();
	"oldest" timestamp := date_trunc('month', ("at" - make_interval(days => greatest("days", 1))) AT TIME ZONE 'UTC');
	"month" timestamp := "oldest";
	"name" text;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('keyturn.outbound:' || "home", 0));
	INSERT INTO outbound_kept AS k ("one", "begun_at", "kept_from") VALUES (1, "at", "oldest" AT TIME ZONE 'UTC')
	ON CONFLICT ("one") DO UPDATE SET "kept_from" = excluded."kept_from" WHERE k."kept_from" <> excluded."kept_from";
	WHILE "month" <= date_trunc('month', "at" AT TIME ZONE 'UTC') + make_interval(months => least("ahead", 24)) LOOP
		"name" := 'outbound_status_' || to_char("month", 'YYYY_MM');
		IF to_regclass(format('%I.%I', "home", "name")) IS NULL THEN
			BEGIN
				EXECUTE format(
					'CREATE TABLE %1$I.%2$I PARTITION OF %1$I.outbound_status FOR VALUES FROM (%3$L) TO (%4$L)',
					"home", "name", "month" || '+00', ("month" + interval '1 month') || '+00');
			EXCEPTION WHEN check_violation THEN NULL;
			END;
		END IF;
		"month" := "month" + interval '1 month';
	END LOOP;
	FOR "name" IN
		SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = format('%I.outbound_status', "home")::regclass
		AND c.relname ~ '_\d{4}_\d{2}$' AND c.relname < 'outbound_status_' || to_char("oldest", 'YYYY_MM')
	LOOP
		EXECUTE format('DROP TABLE %I.%I', "home", "name");
	END LOOP;
	DELETE FROM outbound_status_default WHERE "occurred_at" < "oldest" AT TIME ZONE 'UTC';
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "keep_outbound_months"(timestamp with time zone, integer, integer) FROM PUBLIC;

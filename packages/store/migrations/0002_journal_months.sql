-- Makes the journal's partitions for the month of "at" and the next ones, where they are missing. It runs as the owner of the schema, so that the role
-- of the services needs no right to make a table. Names are qualified: a temporary table of the caller's can't stand in for the journal.
CREATE FUNCTION "make_journal_months"("at" timestamp with time zone, "ahead" integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
	"home" text := current_schema();
	"first" timestamp := date_trunc('month', "at" AT TIME ZONE 'UTC');
	"month" timestamp;
	"name" text;
BEGIN
	FOR i IN 0..least("ahead", 24) LOOP
		"month" := "first" + make_interval(months => i);
		"name" := 'journal_' || to_char("month", 'YYYY_MM');
		CONTINUE WHEN to_regclass(format('%I.%I', "home", "name")) IS NOT NULL;
		PERFORM pg_advisory_xact_lock(hashtextextended('keyturn.months:' || "home", 0));
		EXECUTE format(
			'CREATE TABLE IF NOT EXISTS %1$I.%2$I PARTITION OF %1$I.journal FOR VALUES FROM (%3$L) TO (%4$L)',
			"home", "name", "month" || '+00', ("month" + interval '1 month') || '+00');
	END LOOP;
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION "make_journal_months"(timestamp with time zone, integer) FROM PUBLIC;

CREATE TABLE "alert" (
	"alert_id" uuid PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"cause" text NOT NULL,
	"severity" text NOT NULL,
	"status" text NOT NULL,
	"facts" jsonb NOT NULL,
	"from_seq" bigint NOT NULL,
	"to_seq" bigint,
	"seen_seq" bigint NOT NULL,
	"told_seq" bigint NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"paged_at" timestamp with time zone,
	"told_at" timestamp with time zone,
	"escalations" integer DEFAULT 0 NOT NULL,
	"taken_at" timestamp with time zone,
	"taken_by" text,
	"resolved_at" timestamp with time zone,
	"resolution" text
);
--> statement-breakpoint
CREATE TABLE "alert_change" (
	"contact_id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "alert_change_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"version" integer NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"lead" text NOT NULL,
	"signals" text[] NOT NULL,
	"phone_number_ids" text[] NOT NULL,
	"opted_in_to" text[] NOT NULL,
	"range" text,
	"masked" text
);
--> statement-breakpoint
CREATE TABLE "alert_delivery" (
	"delivery_id" uuid PRIMARY KEY NOT NULL,
	"alert_id" uuid,
	"route" text NOT NULL,
	"message" jsonb NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"unsure" integer DEFAULT 0 NOT NULL,
	"killed" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"is_under_way" boolean DEFAULT false NOT NULL,
	"delivered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "alert_delivery_attempt" (
	"delivery_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"http_status" integer,
	"answer" text,
	CONSTRAINT "alert_delivery_attempt_delivery_id_attempt_pk" PRIMARY KEY("delivery_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "alert_pulse" (
	"pulse_id" integer PRIMARY KEY NOT NULL,
	"moved" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_route" (
	"name" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"route" jsonb NOT NULL,
	"sealed" text,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"retry_at" timestamp with time zone,
	"failing_since" timestamp with time zone,
	"last_attempt_at" timestamp with time zone,
	"last_outcome" text,
	"last_http_status" integer,
	"last_answer" text,
	"last_delivered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "alert_rule" (
	"name" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"rule" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"next_look_at" timestamp with time zone NOT NULL,
	"pulse" bigint,
	"due_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "alert_setting" (
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"setting" jsonb,
	"actor" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	CONSTRAINT "alert_setting_kind_name_version_set_at_pk" PRIMARY KEY("kind","name","version","set_at")
);
--> statement-breakpoint
CREATE INDEX "alert_unresolved" ON "alert" USING btree ("rule","cause") WHERE "alert"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX "alert_paged" ON "alert" USING btree ("rule","paged_at");--> statement-breakpoint
CREATE INDEX "alert_resolved" ON "alert" USING btree ("resolved_at");--> statement-breakpoint
CREATE INDEX "alert_change_cause" ON "alert_change" USING btree ("lead","seq");--> statement-breakpoint
CREATE INDEX "alert_change_since" ON "alert_change" USING btree ("since","contact_id");--> statement-breakpoint
CREATE INDEX "alert_delivery_to_send" ON "alert_delivery" USING btree ("route","delivery_id") WHERE "alert_delivery"."status" = 'waiting';--> statement-breakpoint
CREATE INDEX "alert_delivery_alert" ON "alert_delivery" USING btree ("alert_id","route");--> statement-breakpoint
CREATE INDEX "alert_delivery_route" ON "alert_delivery" USING btree ("route","delivery_id");--> statement-breakpoint
CREATE INDEX "alert_delivery_age" ON "alert_delivery" USING btree ("created_at");
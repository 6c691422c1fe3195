CREATE TABLE "account_day" (
	"phone_number_id" text NOT NULL,
	"day" date NOT NULL,
	"sample" "bytea" NOT NULL,
	CONSTRAINT "account_day_phone_number_id_day_pk" PRIMARY KEY("phone_number_id","day")
);
--> statement-breakpoint
CREATE TABLE "account_entry" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"event_id" text NOT NULL,
	"type" text NOT NULL,
	"detail" jsonb NOT NULL,
	"source" jsonb NOT NULL,
	"occurred_at" timestamp with time zone,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "account_entry_kind_id_event_id_pk" PRIMARY KEY("kind","id","event_id")
);
--> statement-breakpoint
CREATE TABLE "account_state" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"state" jsonb NOT NULL,
	"waba_id" text,
	"display_number" text,
	"identity_check" text,
	"last_message_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "account_state_kind_id_pk" PRIMARY KEY("kind","id")
);
--> statement-breakpoint
CREATE INDEX "account_entry_time" ON "account_entry" USING btree ("kind","id","recorded_at","event_id");--> statement-breakpoint
CREATE INDEX "account_state_display" ON "account_state" USING btree ("display_number","kind");
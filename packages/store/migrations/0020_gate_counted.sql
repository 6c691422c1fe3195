CREATE TABLE "gate_counted" (
	"gate_id" uuid PRIMARY KEY NOT NULL,
	"flush" bigint NOT NULL,
	"counted_at" timestamp with time zone NOT NULL
);

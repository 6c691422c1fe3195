CREATE TABLE "webhook_count" (
	"at" timestamp with time zone PRIMARY KEY NOT NULL,
	"webhooks" bigint NOT NULL,
	"counted_to" timestamp with time zone NOT NULL
);

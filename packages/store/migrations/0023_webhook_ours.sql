CREATE TABLE "webhook_ours" (
	"at" timestamp with time zone PRIMARY KEY NOT NULL,
	"webhooks" bigint NOT NULL
);

CREATE TABLE "waba_number" (
	"phone_number_id" text PRIMARY KEY NOT NULL,
	"waba_id" text NOT NULL
);

CREATE TABLE "practice_worksheets" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"worksheet_id" text NOT NULL,
	"step" integer NOT NULL,
	"version" text NOT NULL,
	"source" text NOT NULL,
	"worksheet_hash" text NOT NULL,
	"status" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "practice_studies" ADD COLUMN "body_parts" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "practice_studies" ADD COLUMN "procedure_codes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "practice_worksheets" ADD CONSTRAINT "practice_worksheets_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "practice_worksheets" ADD CONSTRAINT "practice_worksheets_worksheet_hash_resolved_worksheets_hash_fk" FOREIGN KEY ("worksheet_hash") REFERENCES "public"."resolved_worksheets"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "practice_worksheets" ADD CONSTRAINT "practice_worksheets_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "practice_worksheets_step" ON "practice_worksheets" USING btree ("practice_id","worksheet_id","step");--> statement-breakpoint
CREATE INDEX "practice_worksheets_practice" ON "practice_worksheets" USING btree ("practice_id");--> statement-breakpoint
create trigger practice_worksheets_append_only before update or delete on practice_worksheets
	for each row execute function refuse_change();
--> statement-breakpoint
create trigger practice_worksheets_no_truncate before truncate on practice_worksheets
	for each statement execute function refuse_change();

CREATE TABLE "pending_arrivals" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"archive_id" text NOT NULL,
	"study_uid" text NOT NULL,
	"origin" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "practice_studies_list";--> statement-breakpoint
ALTER TABLE "practice_studies" ADD COLUMN "study_number" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "practice_studies" ADD COLUMN "expected_instances" integer;--> statement-breakpoint
ALTER TABLE "study_instances" ADD COLUMN "series_description" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "pending_arrivals" ADD CONSTRAINT "pending_arrivals_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pending_arrivals" ADD CONSTRAINT "pending_arrivals_archive_id_archives_id_fk" FOREIGN KEY ("archive_id") REFERENCES "public"."archives"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "pending_arrivals_at" ON "pending_arrivals" USING btree ("at");--> statement-breakpoint
CREATE INDEX "practice_studies_assigned" ON "practice_studies" USING btree ("practice_id","assigned_to");--> statement-breakpoint
CREATE INDEX "practice_studies_study" ON "practice_studies" USING btree ("study_uid");--> statement-breakpoint
CREATE INDEX "practice_studies_list" ON "practice_studies" USING btree ("practice_id",(coalesce("study_at", "first_instance_at")),"id");
CREATE TABLE "audit_events" (
	"practice_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"roles" text[] NOT NULL,
	"action" text NOT NULL,
	"dicom_code" text,
	"object" text,
	"outcome" text NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"device" text DEFAULT '' NOT NULL,
	"detail" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_events_practice_id_sequence_pk" PRIMARY KEY("practice_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"practice_id" text PRIMARY KEY NOT NULL,
	"sequence" integer NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grant_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"grant_id" text NOT NULL,
	"last_active_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"absolute_expires_at" timestamp with time zone NOT NULL,
	"address" text DEFAULT '' NOT NULL,
	"device" text DEFAULT '' NOT NULL,
	"opened_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"report_id" text NOT NULL,
	"version_id" text NOT NULL,
	"patient_id" text NOT NULL,
	"scope" jsonb NOT NULL,
	"switches" jsonb NOT NULL,
	"recipient" text NOT NULL,
	"message" text DEFAULT '' NOT NULL,
	"origin" text NOT NULL,
	"secret_hash" text NOT NULL,
	"passcode_hash" text,
	"passcode_tries" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"max_openings" integer,
	"openings" integer DEFAULT 0 NOT NULL,
	"paused_at" timestamp with time zone,
	"paused_reason" text,
	"revoked_at" timestamp with time zone,
	"revoked_by" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"patient_id" text NOT NULL,
	"report_id" text NOT NULL,
	"version_id" text NOT NULL,
	"visible_from" timestamp with time zone,
	"held" boolean DEFAULT false NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"by" text,
	"created_at" timestamp with time zone NOT NULL,
	"superseded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"version_id" text NOT NULL,
	"kind" text NOT NULL,
	"destination" text NOT NULL,
	"asked_by" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"locked_until" timestamp with time zone,
	"last_error" text,
	"created_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"patient_id" text,
	"accession" text NOT NULL,
	"procedure" text DEFAULT '' NOT NULL,
	"indication" text DEFAULT '' NOT NULL,
	"referrer_name" text DEFAULT '' NOT NULL,
	"referrer_user_id" text,
	"stat" boolean DEFAULT false NOT NULL,
	"inpatient" boolean DEFAULT false NOT NULL,
	"ordered_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patient_identifiers" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"patient_id" text NOT NULL,
	"issuer" text NOT NULL,
	"value" text NOT NULL,
	"use" text DEFAULT 'usual' NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patient_links" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"survivor_id" text NOT NULL,
	"merged_id" text NOT NULL,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "patients" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"name" text NOT NULL,
	"birth_date" date,
	"sex" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"secret_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_challenges" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user_id" text,
	"challenge" text NOT NULL,
	"subject" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_hash" text NOT NULL,
	"practice_id" text NOT NULL,
	"user_id" text NOT NULL,
	"purpose" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"user_id" text NOT NULL,
	"practice_id" text NOT NULL,
	"roles" text[] NOT NULL,
	"patient_id" text,
	"licensed" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "memberships_user_id_practice_id_pk" PRIMARY KEY("user_id","practice_id")
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" integer NOT NULL,
	"transports" text[] NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_hash" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"practice_id" text NOT NULL,
	"last_active_at" timestamp with time zone NOT NULL,
	"absolute_expires_at" timestamp with time zone NOT NULL,
	"second_factor_at" timestamp with time zone,
	"address" text DEFAULT '' NOT NULL,
	"device" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"blocked_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"credentials" text DEFAULT '' NOT NULL,
	"password_hash" text,
	"locale" text DEFAULT 'en' NOT NULL,
	"preferences" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"second_factor_required" boolean DEFAULT false NOT NULL,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "archives" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "modalities" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"archive_id" text NOT NULL,
	"ae_title" text NOT NULL,
	"address" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "practices" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved_views" (
	"user_id" text NOT NULL,
	"practice_id" text NOT NULL,
	"name" text NOT NULL,
	"filter" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "saved_views_user_id_practice_id_name_pk" PRIMARY KEY("user_id","practice_id","name")
);
--> statement-breakpoint
CREATE TABLE "document_clients" (
	"report_id" text NOT NULL,
	"generation" integer NOT NULL,
	"client_id" bigint NOT NULL,
	"user_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "document_clients_report_id_generation_client_id_pk" PRIMARY KEY("report_id","generation","client_id")
);
--> statement-breakpoint
CREATE TABLE "document_snapshots" (
	"report_id" text NOT NULL,
	"generation" integer NOT NULL,
	"snapshot" "bytea" NOT NULL,
	"upto_id" bigint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "document_snapshots_report_id_generation_pk" PRIMARY KEY("report_id","generation")
);
--> statement-breakpoint
CREATE TABLE "document_updates" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"report_id" text NOT NULL,
	"generation" integer NOT NULL,
	"update" "bytea" NOT NULL,
	"user_id" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "field_history" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"report_id" text NOT NULL,
	"root" text NOT NULL,
	"key" text NOT NULL,
	"action" text NOT NULL,
	"value" jsonb,
	"by" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "late_edits" (
	"id" text PRIMARY KEY NOT NULL,
	"report_id" text NOT NULL,
	"user_id" text NOT NULL,
	"update" "bytea" NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "report_studies" (
	"report_id" text NOT NULL,
	"study_id" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "report_studies_report_id_study_id_pk" PRIMARY KEY("report_id","study_id")
);
--> statement-breakpoint
CREATE TABLE "report_versions" (
	"id" text PRIMARY KEY NOT NULL,
	"report_id" text NOT NULL,
	"practice_id" text NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"predecessor_id" text,
	"reason" text DEFAULT '' NOT NULL,
	"content" jsonb NOT NULL,
	"content_hash" text NOT NULL,
	"pdf" "bytea" NOT NULL,
	"pdf_hash" text NOT NULL,
	"export_uids" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"patient_id" text NOT NULL,
	"worksheet_hash" text NOT NULL,
	"language" text DEFAULT 'en' NOT NULL,
	"state" text NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"current_version_id" text,
	"created_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"sent_to_read_at" timestamp with time zone,
	"sent_to_read_by" text,
	"final_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "resolved_worksheets" (
	"hash" text PRIMARY KEY NOT NULL,
	"worksheet_id" text NOT NULL,
	"version" text NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signatures" (
	"id" text PRIMARY KEY NOT NULL,
	"version_id" text NOT NULL,
	"user_id" text NOT NULL,
	"printed_name" text NOT NULL,
	"credentials" text NOT NULL,
	"meaning" text NOT NULL,
	"method" text NOT NULL,
	"content_hash" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_intents" (
	"id" text PRIMARY KEY NOT NULL,
	"report_id" text NOT NULL,
	"user_id" text NOT NULL,
	"version_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "practice_studies" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"archive_id" text NOT NULL,
	"study_uid" text NOT NULL,
	"patient_id" text NOT NULL,
	"order_id" text,
	"origin" text NOT NULL,
	"accession" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"modalities" text[] NOT NULL,
	"study_at" timestamp with time zone,
	"study_at_assumed" boolean DEFAULT false NOT NULL,
	"institution" text DEFAULT '' NOT NULL,
	"referrer" text DEFAULT '' NOT NULL,
	"sonographer" text DEFAULT '' NOT NULL,
	"height_cm" double precision,
	"weight_kg" double precision,
	"instance_count" integer DEFAULT 0 NOT NULL,
	"series_count" integer DEFAULT 0 NOT NULL,
	"stat" boolean DEFAULT false NOT NULL,
	"inpatient" boolean DEFAULT false NOT NULL,
	"assigned_to" text,
	"first_instance_at" timestamp with time zone NOT NULL,
	"last_instance_at" timestamp with time zone NOT NULL,
	"arrived_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sr_documents" (
	"id" text PRIMARY KEY NOT NULL,
	"study_id" text NOT NULL,
	"sop_uid" text NOT NULL,
	"content_hash" text NOT NULL,
	"document" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "study_instances" (
	"id" text PRIMARY KEY NOT NULL,
	"study_id" text NOT NULL,
	"series_uid" text NOT NULL,
	"sop_uid" text NOT NULL,
	"sop_class" text NOT NULL,
	"transfer_syntax" text DEFAULT '' NOT NULL,
	"modality" text DEFAULT '' NOT NULL,
	"series_number" integer,
	"instance_number" integer,
	"frames" integer DEFAULT 1 NOT NULL,
	"rows" integer,
	"columns" integer,
	"frame_time_ms" double precision,
	"view" text DEFAULT '' NOT NULL,
	"stage" text DEFAULT '' NOT NULL,
	"content_hash" text NOT NULL,
	"own_export" boolean DEFAULT false NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "grant_sessions" ADD CONSTRAINT "grant_sessions_grant_id_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."grants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_version_id_report_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."report_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "releases" ADD CONSTRAINT "releases_version_id_report_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."report_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_version_id_report_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."report_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_identifiers" ADD CONSTRAINT "patient_identifiers_patient_id_patients_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_links" ADD CONSTRAINT "patient_links_survivor_id_patients_id_fk" FOREIGN KEY ("survivor_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_links" ADD CONSTRAINT "patient_links_merged_id_patients_id_fk" FOREIGN KEY ("merged_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patients" ADD CONSTRAINT "patients_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "archives" ADD CONSTRAINT "archives_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "modalities" ADD CONSTRAINT "modalities_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "modalities" ADD CONSTRAINT "modalities_archive_id_archives_id_fk" FOREIGN KEY ("archive_id") REFERENCES "public"."archives"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_updates" ADD CONSTRAINT "document_updates_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "field_history" ADD CONSTRAINT "field_history_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_studies" ADD CONSTRAINT "report_studies_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_studies" ADD CONSTRAINT "report_studies_study_id_practice_studies_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."practice_studies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_versions" ADD CONSTRAINT "report_versions_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_patient_id_patients_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_worksheet_hash_resolved_worksheets_hash_fk" FOREIGN KEY ("worksheet_hash") REFERENCES "public"."resolved_worksheets"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_version_id_report_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."report_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signatures" ADD CONSTRAINT "signatures_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "practice_studies" ADD CONSTRAINT "practice_studies_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "practice_studies" ADD CONSTRAINT "practice_studies_archive_id_archives_id_fk" FOREIGN KEY ("archive_id") REFERENCES "public"."archives"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "practice_studies" ADD CONSTRAINT "practice_studies_patient_id_patients_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patients"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "practice_studies" ADD CONSTRAINT "practice_studies_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sr_documents" ADD CONSTRAINT "sr_documents_study_id_practice_studies_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."practice_studies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study_instances" ADD CONSTRAINT "study_instances_study_id_practice_studies_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."practice_studies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "grant_sessions_grant" ON "grant_sessions" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "grants_report" ON "grants" USING btree ("report_id");--> statement-breakpoint
CREATE INDEX "releases_patient" ON "releases" USING btree ("practice_id","patient_id");--> statement-breakpoint
CREATE UNIQUE INDEX "releases_id_version" ON "releases" USING btree ("id","version_id");--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_once" ON "outbox" USING btree ("version_id","kind","destination");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("state","next_at");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_accession" ON "orders" USING btree ("practice_id","accession");--> statement-breakpoint
CREATE UNIQUE INDEX "patient_identifiers_value" ON "patient_identifiers" USING btree ("practice_id","issuer","value");--> statement-breakpoint
CREATE INDEX "patients_practice_name" ON "patients" USING btree ("practice_id","name");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "modalities_ae_title" ON "modalities" USING btree ("ae_title");--> statement-breakpoint
CREATE INDEX "document_updates_report" ON "document_updates" USING btree ("report_id","generation","id");--> statement-breakpoint
CREATE INDEX "field_history_report" ON "field_history" USING btree ("report_id","key","id");--> statement-breakpoint
CREATE INDEX "report_studies_study" ON "report_studies" USING btree ("study_id");--> statement-breakpoint
CREATE UNIQUE INDEX "report_versions_number" ON "report_versions" USING btree ("report_id","number");--> statement-breakpoint
CREATE INDEX "reports_practice_state" ON "reports" USING btree ("practice_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "practice_studies_uid" ON "practice_studies" USING btree ("practice_id","archive_id","study_uid");--> statement-breakpoint
CREATE INDEX "practice_studies_list" ON "practice_studies" USING btree ("practice_id","study_at");--> statement-breakpoint
CREATE INDEX "practice_studies_patient" ON "practice_studies" USING btree ("practice_id","patient_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sr_documents_sop" ON "sr_documents" USING btree ("study_id","sop_uid","content_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "study_instances_sop" ON "study_instances" USING btree ("study_id","sop_uid");
CREATE TABLE "critical_communications" (
	"id" text PRIMARY KEY NOT NULL,
	"practice_id" text NOT NULL,
	"report_id" text NOT NULL,
	"version_id" text NOT NULL,
	"told" text NOT NULL,
	"told_at" timestamp with time zone NOT NULL,
	"how" text NOT NULL,
	"read_back" boolean NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_name" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "critical_communications" ADD CONSTRAINT "critical_communications_practice_id_practices_id_fk" FOREIGN KEY ("practice_id") REFERENCES "public"."practices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "critical_communications" ADD CONSTRAINT "critical_communications_report_id_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "critical_communications" ADD CONSTRAINT "critical_communications_version_id_report_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."report_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "critical_communications" ADD CONSTRAINT "critical_communications_recorded_by_users_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "critical_communications_report" ON "critical_communications" USING btree ("report_id");--> statement-breakpoint
create trigger critical_communications_append_only before update or delete on critical_communications
	for each row execute function refuse_change();
--> statement-breakpoint
create trigger critical_communications_no_truncate before truncate on critical_communications
	for each statement execute function refuse_change();
--> statement-breakpoint
-- Reports from before the flag: the rule of `report/critical.ts` over what last stood in each entry.
with last as (
	select distinct on (report_id, key) report_id, split_part(key, '/', 1) as field, action, value
	from field_history where root = 'fields' and key like 'critical.%'
	order by report_id, key, id desc
), said as (
	select report_id, field, value ->> 'value' as value from last
	where action <> 'delete' and coalesce(value ->> 'suggestion', '') <> 'true'
		and coalesce(value ->> 'value', '') <> ''
), open as (
	select report_id from said group by report_id
	having bool_or(field = 'critical.present' and value = 'yes') and (
		not bool_or(field = 'critical.told') or not bool_or(field = 'critical.date')
		or not bool_or(field = 'critical.time')
		or case when bool_or(field = 'critical.how' and value = 'message')
			then not bool_or(field = 'critical.read_back')
			else not bool_or(field = 'critical.read_back' and value = 'yes')
				or bool_or(field = 'critical.read_back' and value = 'no')
		end)
)
update reports set critical_open = true from open where reports.id = open.report_id;

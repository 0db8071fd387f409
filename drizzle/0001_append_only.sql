-- What was signed or witnessed stays as it is: the database refuses, whoever asks.
create function refuse_change() returns trigger language plpgsql as $$
begin
	raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = '23001';
end
$$;
--> statement-breakpoint
create trigger report_versions_append_only before update or delete on report_versions
	for each row execute function refuse_change();
--> statement-breakpoint
create trigger report_versions_no_truncate before truncate on report_versions
	for each statement execute function refuse_change();
--> statement-breakpoint
create trigger signatures_append_only before update or delete on signatures
	for each row execute function refuse_change();
--> statement-breakpoint
create trigger signatures_no_truncate before truncate on signatures
	for each statement execute function refuse_change();
--> statement-breakpoint
create trigger audit_events_append_only before update or delete on audit_events
	for each row execute function refuse_change();
--> statement-breakpoint
create trigger audit_events_no_truncate before truncate on audit_events
	for each statement execute function refuse_change();
--> statement-breakpoint
create trigger resolved_worksheets_append_only before update or delete on resolved_worksheets
	for each row execute function refuse_change();
--> statement-breakpoint
create trigger resolved_worksheets_no_truncate before truncate on resolved_worksheets
	for each statement execute function refuse_change();

ALTER TABLE "reports" ADD COLUMN "editions" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
-- What is begun keeps what it is read by now; a choice that a practice never made is the first edition.
update reports set editions = jsonb_strip_nulls(jsonb_build_object(
	'diastology', practices.settings -> 'diastology',
	'carotid', practices.settings -> 'carotid',
	'profile', practices.settings -> 'profile',
	'rightHeart', practices.settings -> 'rightHeart'
)) from practices where practices.id = reports.practice_id;

ALTER TABLE "jobs" ADD CONSTRAINT "jobs_error_is_one" CHECK (error ?& array['code', 'message', 'stage']);--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_created_at_is_a_time" CHECK ("created_at" >= '1970-01-01Z' and "created_at" < '3000-01-01Z');--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_updated_at_is_a_time" CHECK ("updated_at" >= '1970-01-01Z' and "updated_at" < '3000-01-01Z');--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_started_at_is_a_time" CHECK ("started_at" >= '1970-01-01Z' and "started_at" < '3000-01-01Z');--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_ended_at_is_a_time" CHECK ("ended_at" >= '1970-01-01Z' and "ended_at" < '3000-01-01Z');--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_created_at_is_a_time" CHECK ("created_at" >= '1970-01-01Z' and "created_at" < '3000-01-01Z');--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_updated_at_is_a_time" CHECK ("updated_at" >= '1970-01-01Z' and "updated_at" < '3000-01-01Z');--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_subtitle_manifest_is_an_object" CHECK (jsonb_typeof(subtitle_manifest) = 'object');--> statement-breakpoint
ALTER TABLE "jobs" DROP CONSTRAINT "jobs_start_by_is_a_time", ADD CONSTRAINT "jobs_start_by_is_a_time" CHECK ("start_by" >= '1970-01-01Z' and "start_by" < '3000-01-01Z');--> statement-breakpoint
ALTER TABLE "jobs" DROP CONSTRAINT "jobs_deadline_is_a_time", ADD CONSTRAINT "jobs_deadline_is_a_time" CHECK ("deadline" >= '1970-01-01Z' and "deadline" < '3000-01-01Z');--> statement-breakpoint
-- Whoever deletes a post himself wakes the watch as well: its job is called off.
CREATE TRIGGER posts_tell_gone AFTER DELETE ON posts FOR EACH ROW EXECUTE FUNCTION tell_post();

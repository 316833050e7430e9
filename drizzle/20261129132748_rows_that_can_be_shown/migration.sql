ALTER TABLE "jobs" ADD CONSTRAINT "jobs_input_is_an_object" CHECK (jsonb_typeof(input) = 'object');--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_metadata_is_an_object" CHECK (jsonb_typeof(metadata) = 'object');--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_status_is_one" CHECK (status in ('queued', 'processing', 'completed', 'failed', 'cancelled'));--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_priority_is_one" CHECK (priority in ('high', 'normal', 'low'));--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_start_by_is_a_time" CHECK (start_by >= '1970-01-01Z' and start_by < '3000-01-01Z');--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_deadline_is_a_time" CHECK (deadline >= '1970-01-01Z' and deadline < '3000-01-01Z');
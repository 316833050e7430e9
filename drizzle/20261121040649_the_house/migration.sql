CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"secret_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone,
	"last_used_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"key" text PRIMARY KEY,
	"job_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"bytes" bigint NOT NULL,
	"content_type" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dreams" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"owner" text NOT NULL,
	"title" text,
	"transcript" text NOT NULL,
	"segments" jsonb,
	"style" text,
	"aspect" text NOT NULL,
	"priority" text NOT NULL,
	"video_job_id" uuid,
	"video_status" text,
	"video_url" text,
	"video_metadata" jsonb,
	"video_started_at" timestamp(3) with time zone,
	"video_completed_at" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigserial PRIMARY KEY,
	"job_id" uuid NOT NULL,
	"type" text NOT NULL,
	"data" jsonb NOT NULL,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"owner" text NOT NULL,
	"pipeline" text NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"priority" text DEFAULT 'normal' NOT NULL,
	"input" jsonb NOT NULL,
	"subject" uuid,
	"metadata" jsonb,
	"idempotency_key" text,
	"body_hash" text,
	"run" integer DEFAULT 0 NOT NULL,
	"error" jsonb,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"task_id" uuid,
	"attempt" integer,
	"worker" text NOT NULL,
	"outcome" text DEFAULT 'running' NOT NULL,
	"error" jsonb,
	"started_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "attempts_pkey" PRIMARY KEY("task_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"job_id" uuid NOT NULL,
	"stage" text NOT NULL,
	"part" integer DEFAULT 0 NOT NULL,
	"fleet" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"rank" smallint NOT NULL,
	"run" integer DEFAULT 0 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"crashes" integer DEFAULT 0 NOT NULL,
	"claim_id" uuid,
	"worker" text,
	"item" jsonb,
	"output" jsonb,
	"error" jsonb,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"dispatched_at" timestamp(3) with time zone,
	"started_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" text,
	"fleet" text,
	"slots" integer NOT NULL,
	"busy" integer NOT NULL,
	"seen_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workers_pkey" PRIMARY KEY("id","fleet")
);
--> statement-breakpoint
CREATE INDEX "artifacts_by_job" ON "artifacts" ("job_id");--> statement-breakpoint
CREATE INDEX "dreams_by_owner" ON "dreams" ("owner","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "events_by_job" ON "events" ("job_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_owner_idempotency_key" ON "jobs" ("owner","idempotency_key");--> statement-breakpoint
CREATE INDEX "jobs_by_owner" ON "jobs" ("owner","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "jobs_by_status" ON "jobs" ("status","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_one_live_per_subject" ON "jobs" ("subject") WHERE status in ('queued', 'processing');--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_one_per_part" ON "tasks" ("job_id","stage","part");--> statement-breakpoint
CREATE INDEX "tasks_waiting" ON "tasks" ("fleet","rank","created_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "tasks_in_flight" ON "tasks" ("fleet","dispatched_at") WHERE status in ('dispatched', 'running');--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_task_id_tasks_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE;
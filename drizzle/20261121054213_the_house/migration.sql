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
CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"endpoint_id" uuid NOT NULL,
	"job_id" uuid,
	"type" text NOT NULL,
	"sequence" bigserial,
	"payload" jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "delivery_tries" (
	"delivery_id" uuid,
	"number" integer,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"http_status" integer,
	"error" text,
	"ms" integer NOT NULL,
	CONSTRAINT "delivery_tries_pkey" PRIMARY KEY("delivery_id","number")
);
--> statement-breakpoint
CREATE TABLE "endpoints" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"owner" text NOT NULL,
	"url" text NOT NULL,
	"events" text[] DEFAULT '{}'::text[] NOT NULL,
	"secrets" text[] NOT NULL,
	"rotated_at" timestamp(3) with time zone,
	"job_id" uuid,
	"disabled_at" timestamp(3) with time zone,
	"disabled_reason" text,
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
	"held" boolean DEFAULT false NOT NULL,
	"start_by" timestamp(3) with time zone,
	"deadline" timestamp(3) with time zone,
	"callback_url" text,
	"error" jsonb,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp(3) with time zone,
	"ended_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "lanes" (
	"kind" text,
	"name" text,
	"weight" integer DEFAULT 1 NOT NULL,
	"cap" integer,
	"paused_at" timestamp(3) with time zone,
	"reason" text,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lanes_pkey" PRIMARY KEY("kind","name")
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
	"owner" text NOT NULL,
	"pipeline" text NOT NULL,
	"held" boolean DEFAULT false NOT NULL,
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
	"retry_at" timestamp(3) with time zone,
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
CREATE INDEX "deliveries_in_sequence" ON "deliveries" ("endpoint_id","sequence");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" ("due_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "endpoints_by_owner" ON "endpoints" ("owner","created_at") WHERE job_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "endpoints_one_per_job" ON "endpoints" ("job_id");--> statement-breakpoint
CREATE INDEX "dreams_by_owner" ON "dreams" ("owner","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "events_by_job" ON "events" ("job_id","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_owner_idempotency_key" ON "jobs" ("owner","idempotency_key");--> statement-breakpoint
CREATE INDEX "jobs_by_owner" ON "jobs" ("owner","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "jobs_by_status" ON "jobs" ("status","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "jobs_to_expire" ON "jobs" ("start_by") WHERE status = 'queued' and start_by is not null;--> statement-breakpoint
CREATE INDEX "jobs_past_deadline" ON "jobs" ("deadline") WHERE status in ('queued', 'processing') and deadline is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_one_live_per_subject" ON "jobs" ("subject") WHERE status in ('queued', 'processing');--> statement-breakpoint
CREATE INDEX "attempts_by_end" ON "attempts" ("ended_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_one_per_part" ON "tasks" ("job_id","stage","part");--> statement-breakpoint
CREATE INDEX "tasks_waiting" ON "tasks" ("fleet","owner","rank","created_at") WHERE status = 'waiting' and not held;--> statement-breakpoint
CREATE INDEX "tasks_in_flight" ON "tasks" ("fleet","owner","dispatched_at") WHERE status in ('dispatched', 'running');--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_endpoint_id_endpoints_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoints"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE SET NULL;--> statement-breakpoint
ALTER TABLE "delivery_tries" ADD CONSTRAINT "delivery_tries_delivery_id_deliveries_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "deliveries"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_task_id_tasks_id_fkey" FOREIGN KEY ("task_id") REFERENCES "tasks"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_job_id_jobs_id_fkey" FOREIGN KEY ("job_id") REFERENCES "jobs"("id") ON DELETE CASCADE;
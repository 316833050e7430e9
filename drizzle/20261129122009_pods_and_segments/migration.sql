CREATE TABLE "pods" (
	"name" text PRIMARY KEY,
	"task_id" uuid,
	"taken_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"owner" text DEFAULT 'default' NOT NULL,
	"user_id" text,
	"title" text,
	"hls_s3_key" text,
	"hls_input_key" text,
	"source_lang" text,
	"target_lang" text,
	"enable_dubbing" boolean,
	"has_subtitles" boolean DEFAULT false NOT NULL,
	"subtitle_vtt_url" text,
	"subtitle_hls_master" text,
	"subtitle_manifest" jsonb,
	"subtitle_job_id" uuid,
	"subtitle_status" text,
	"subtitle_error" text,
	"subtitle_key" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "segment_completions" (
	"job_id" text,
	"segment_index" integer,
	"total_segments" integer NOT NULL,
	"output_s3_uri" text NOT NULL,
	"completed_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"job" uuid NOT NULL,
	CONSTRAINT "segment_completions_pkey" PRIMARY KEY("job_id","segment_index")
);
--> statement-breakpoint
-- What is there already came in by the door.
ALTER TABLE "jobs" ADD COLUMN "admitted" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ALTER COLUMN "admitted" SET DEFAULT false;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "awaited" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ALTER COLUMN "owner" SET DEFAULT 'default';--> statement-breakpoint
CREATE INDEX "jobs_to_admit" ON "jobs" ("created_at") WHERE not admitted;--> statement-breakpoint
CREATE INDEX "posts_by_owner" ON "posts" ("owner","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "posts_to_watch" ON "posts" ("created_at","id") WHERE not has_subtitles and coalesce(hls_s3_key, hls_input_key) is not null and subtitle_key is distinct from coalesce(hls_s3_key, hls_input_key);--> statement-breakpoint
CREATE INDEX "segment_completions_by_job" ON "segment_completions" ("job");--> statement-breakpoint
ALTER TABLE "segment_completions" ADD CONSTRAINT "segment_completions_job_jobs_id_fkey" FOREIGN KEY ("job") REFERENCES "jobs"("id") ON DELETE CASCADE;
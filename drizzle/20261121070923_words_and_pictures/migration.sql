CREATE TABLE "abilities" (
	"name" text PRIMARY KEY,
	"seen_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"seq" bigserial PRIMARY KEY,
	"at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"owner" text NOT NULL,
	"action" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"owner" text NOT NULL,
	"filename" text NOT NULL,
	"content_type" text NOT NULL,
	"bytes" bigint NOT NULL,
	"part_bytes" integer NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"token" text NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"completed_at" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "frame_captions" (
	"id" text PRIMARY KEY,
	"video_id" uuid NOT NULL,
	"frame_id" text NOT NULL,
	"caption" text NOT NULL,
	"controls" text[] NOT NULL,
	"text_on_screen" text NOT NULL,
	"model" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "frames" (
	"id" text PRIMARY KEY,
	"video_id" uuid NOT NULL,
	"scene_id" text NOT NULL,
	"number" integer NOT NULL,
	"time" double precision NOT NULL,
	"key" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "moments" (
	"id" text PRIMARY KEY,
	"video_id" uuid NOT NULL,
	"owner" text NOT NULL,
	"kind" text NOT NULL,
	"start" double precision NOT NULL,
	"end" double precision NOT NULL,
	"text" text NOT NULL,
	"scene_id" text,
	"frame_id" text,
	"model" text,
	"vector" real[]
);
--> statement-breakpoint
CREATE TABLE "scenes" (
	"id" text PRIMARY KEY,
	"video_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"start" double precision NOT NULL,
	"end" double precision NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transcript_segments" (
	"id" text PRIMARY KEY,
	"video_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"start" double precision NOT NULL,
	"end" double precision NOT NULL,
	"text" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "videos" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	"owner" text NOT NULL,
	"title" text,
	"source_url" text NOT NULL,
	"job_id" uuid,
	"status" text,
	"facts" jsonb,
	"video_key" text,
	"audio_key" text,
	"result_key" text,
	"transcript" text,
	"language" text,
	"without" jsonb,
	"cost" double precision,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"completed_at" timestamp(3) with time zone
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "cache_key" text;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "cached_from" uuid;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "without" jsonb;--> statement-breakpoint
ALTER TABLE "lanes" ADD COLUMN "paused_until" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "provider" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "left_out" text;--> statement-breakpoint
ALTER TABLE "artifacts" DROP CONSTRAINT "artifacts_pkey";--> statement-breakpoint
ALTER TABLE "artifacts" ADD PRIMARY KEY ("key","job_id");--> statement-breakpoint
CREATE INDEX "jobs_to_reuse" ON "jobs" ("owner","cache_key","ended_at") WHERE status = 'completed' and cache_key is not null;--> statement-breakpoint
CREATE INDEX "uploads_by_owner" ON "uploads" ("owner","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "uploads_to_expire" ON "uploads" ("expires_at");--> statement-breakpoint
CREATE INDEX "frame_captions_by_video" ON "frame_captions" ("video_id");--> statement-breakpoint
CREATE INDEX "frames_by_video" ON "frames" ("video_id","number");--> statement-breakpoint
CREATE INDEX "moments_by_video" ON "moments" ("video_id");--> statement-breakpoint
CREATE INDEX "moments_by_owner" ON "moments" ("owner");--> statement-breakpoint
CREATE INDEX "scenes_by_video" ON "scenes" ("video_id","number");--> statement-breakpoint
CREATE INDEX "transcript_segments_by_video" ON "transcript_segments" ("video_id","number");--> statement-breakpoint
CREATE INDEX "videos_by_owner" ON "videos" ("owner","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
ALTER TABLE "frame_captions" ADD CONSTRAINT "frame_captions_video_id_videos_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "frames" ADD CONSTRAINT "frames_video_id_videos_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "moments" ADD CONSTRAINT "moments_video_id_videos_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "scenes" ADD CONSTRAINT "scenes_video_id_videos_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "transcript_segments" ADD CONSTRAINT "transcript_segments_video_id_videos_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("id") ON DELETE CASCADE;
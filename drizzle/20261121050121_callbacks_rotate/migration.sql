ALTER TABLE "endpoints" ADD COLUMN "rotated_at" timestamp(3) with time zone;--> statement-breakpoint
DROP INDEX "endpoints_by_owner";--> statement-breakpoint
CREATE INDEX "endpoints_by_owner" ON "endpoints" ("owner","created_at") WHERE job_id is null;
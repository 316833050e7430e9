CREATE TABLE "leftovers" (
	"prefix" text PRIMARY KEY,
	"due_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"until" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "deliveries_by_job" ON "deliveries" ("job_id");--> statement-breakpoint
CREATE INDEX "deliveries_delivered" ON "deliveries" ("delivered_at") WHERE status = 'delivered';--> statement-breakpoint
CREATE INDEX "jobs_by_pipeline" ON "jobs" ("pipeline","status");--> statement-breakpoint
CREATE INDEX "jobs_by_end" ON "jobs" ("ended_at","id") WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX "leftovers_due" ON "leftovers" ("due_at");
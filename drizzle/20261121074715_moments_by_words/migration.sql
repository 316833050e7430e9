ALTER TABLE "moments" ADD COLUMN "words" tsvector NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "models" jsonb;--> statement-breakpoint
DROP INDEX "moments_by_owner";--> statement-breakpoint
CREATE INDEX "moments_by_owner" ON "moments" ("owner","id");--> statement-breakpoint
CREATE INDEX "moments_by_words" ON "moments" USING gin ("words");
-- Who writes a post himself, or changes where its video is, wakes the watch. One word a transaction, however many rows.
CREATE FUNCTION tell_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('reverie_posts', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER posts_tell_new AFTER INSERT ON posts
  FOR EACH ROW WHEN (NOT NEW.has_subtitles AND COALESCE(NEW.hls_s3_key, NEW.hls_input_key) IS NOT NULL)
  EXECUTE FUNCTION tell_post();
--> statement-breakpoint
CREATE TRIGGER posts_tell_changed AFTER UPDATE OF hls_s3_key, hls_input_key, has_subtitles, user_id, owner ON posts
  FOR EACH ROW WHEN (NOT NEW.has_subtitles AND COALESCE(NEW.hls_s3_key, NEW.hls_input_key) IS NOT NULL
    AND NEW.subtitle_key IS DISTINCT FROM COALESCE(NEW.hls_s3_key, NEW.hls_input_key))
  EXECUTE FUNCTION tell_post();
--> statement-breakpoint
-- A job that somebody wrote as a row.
CREATE FUNCTION tell_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('reverie_rows', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER jobs_tell_row AFTER INSERT ON jobs
  FOR EACH ROW WHEN (NOT NEW.admitted) EXECUTE FUNCTION tell_row();

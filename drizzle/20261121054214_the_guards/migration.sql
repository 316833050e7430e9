-- An idle worker is woken by the commit that made a task wait, not by a timer.
CREATE FUNCTION tell_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('reverie_waiting', NEW.fleet);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER tasks_tell_waiting_new AFTER INSERT ON tasks
  FOR EACH ROW WHEN (NEW.status = 'waiting' AND NOT NEW.held) EXECUTE FUNCTION tell_waiting();
--> statement-breakpoint
CREATE TRIGGER tasks_tell_waiting_again AFTER UPDATE OF status, held ON tasks
  FOR EACH ROW WHEN (NEW.status = 'waiting' AND NOT NEW.held AND (OLD.status <> 'waiting' OR OLD.held)) EXECUTE FUNCTION tell_waiting();
--> statement-breakpoint
-- Listeners learn which job moved; the rows are the truth, the word only says where to look.
CREATE FUNCTION tell_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('reverie_events', NEW.job_id::text);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_tell AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION tell_event();
--> statement-breakpoint
-- Whatever the code above does wrong: the fence never goes back, and what has ended stays ended until a retry.
CREATE FUNCTION guard_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.attempt < OLD.attempt THEN
    RAISE EXCEPTION 'task %: attempt may not go back from % to %', OLD.id, OLD.attempt, NEW.attempt;
  END IF;
  IF OLD.status IN ('completed', 'failed', 'cancelled') AND NEW.status <> OLD.status AND NEW.run <= OLD.run THEN
    RAISE EXCEPTION 'task %: % is final', OLD.id, OLD.status;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tasks_guard BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION guard_task();
--> statement-breakpoint
CREATE FUNCTION guard_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('completed', 'failed', 'cancelled') AND NEW.status <> OLD.status
     AND (OLD.status = 'completed' OR NEW.status <> 'queued' OR NEW.run <= OLD.run) THEN
    RAISE EXCEPTION 'job %: % is final', OLD.id, OLD.status;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER jobs_guard BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION guard_job();
--> statement-breakpoint
-- A callback is sent when the transaction that made it commits.
CREATE FUNCTION tell_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('reverie_deliveries', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER deliveries_tell AFTER INSERT ON deliveries FOR EACH STATEMENT EXECUTE FUNCTION tell_delivery();

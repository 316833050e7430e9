import { Failure } from '@reverie/contracts';
import type { Limits } from '@reverie/pipelines';

/** Aborts a stage that takes too long, or that shows no sign of progress: a frozen ffmpeg is killed and tried again. */
export function watchdog({ seconds, stillSeconds }: Limits, stage: string) {
  const controller = new AbortController();
  const whole = setTimeout(
    () => controller.abort(new Failure('stage_timeout', `${stage} took longer than ${seconds} s`)),
    seconds * 1000,
  );
  const stuck = () =>
    controller.abort(new Failure('no_progress', `${stage} made no progress for ${stillSeconds} s and was stopped`));
  let still = setTimeout(stuck, stillSeconds * 1000);
  return {
    signal: controller.signal,
    alive() {
      clearTimeout(still);
      still = setTimeout(stuck, stillSeconds * 1000);
    },
    [Symbol.dispose]() {
      clearTimeout(whole);
      clearTimeout(still);
    },
  };
}

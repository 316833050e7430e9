import { setTimeout as sleep } from 'node:timers/promises';
import { type Asking, askOf } from './ask.ts';
import { bar } from './bar.ts';
import { say } from './say.ts';

const DREAM = {
  title: 'The lighthouse under the sea',
  transcript:
    'I walked down a staircase into the sea, and I could breathe. ' +
    'At the bottom stood a lighthouse, and its beam was made of tiny silver fish. ' +
    'When it swept over me, I remembered every house I ever lived in.',
  style: 'deep blue, soft light',
};

interface Status {
  job_id: string;
  status: string;
  video_url: string | null;
  preview_url?: string;
  progress?: number;
  stage?: string;
  error?: { stage: string; message: string };
}

/** Tells a dream, and watches it become a video. */
export async function sampleDream(asking: Asking): Promise<{ id: string; status: string }> {
  const began = performance.now();
  const ask = askOf(asking);

  say.dream(DREAM.title);
  const { id } = await ask<{ id: string }>('POST', '/dreams', DREAM);
  let status = await ask<Status>('POST', `/dreams/${id}/finish`);
  const progress = bar();
  while (['queued', 'processing'].includes(status.status)) {
    progress.show(status.progress ?? 0, status.stage ?? status.status);
    await sleep(200);
    status = await ask<Status>('GET', `/dreams/${id}/video-status`);
  }
  progress.end(status.progress ?? 0, status.status);
  if (status.status === 'completed') say.video(status.video_url!, (performance.now() - began) / 1000);
  else
    say.trouble(
      new Error(
        `the sample dream has ${status.status}${status.error ? ` at ${status.error.stage}: ${status.error.message}` : ''}; see ${asking.api}/jobs/${status.job_id}`,
      ),
    );
  return { id, status: status.status };
}

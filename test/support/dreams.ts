import type { Client } from './client.ts';
import { eventually } from './eventually.ts';

export interface VideoStatus {
  job_id: string;
  status: string;
  video_url: string | null;
  progress?: number;
  stage?: string;
  preview_url?: string;
  poster_url?: string;
  error?: { code: string; stage: string; message: string };
}

/** Short enough to render in a second or two, long enough for two scenes. */
export const SHORT = {
  transcript: 'A red kite. It flew over the sea.',
  segments: [{ text: 'A red kite.' }, { text: 'It flew.' }],
};

/** Tells a dream and asks for its video. */
export async function finishDream(call: Client, dream: object = SHORT): Promise<{ id: string; jobId: string }> {
  const { body } = await call<{ id: string }>('POST', '/dreams', dream);
  const finished = await call<VideoStatus>('POST', `/dreams/${body.id}/finish`);
  if (finished.status !== 202) throw new Error(`finish answered ${finished.status}: ${JSON.stringify(finished.body)}`);
  return { id: body.id, jobId: finished.body.job_id };
}

/** The status once it is one of these; anything else final is an error that shows what happened. */
export function statusOnce(call: Client, id: string, wanted: string[], seconds = 50): Promise<VideoStatus> {
  let last: VideoStatus | undefined;
  return eventually(
    `dream ${id} to be ${wanted.join(' or ')}`,
    async () => {
      last = (await call<VideoStatus>('GET', `/dreams/${id}/video-status`)).body;
      if (wanted.includes(last.status)) return last;
      if (['failed', 'cancelled', 'completed'].includes(last.status)) throw new Error(JSON.stringify(last));
      return undefined;
    },
    { seconds },
  );
}

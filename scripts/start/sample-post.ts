import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '@reverie/contracts';
import { type Asking, askOf } from './ask.ts';
import { bar } from './bar.ts';
import { say } from './say.ts';

interface Post {
  id: string;
  subtitle_status: string | null;
  subtitle_error: string | null;
  subtitle_job_id: string | null;
  subtitle_manifest: { note?: unknown } | null;
  links: { subtitle_vtt: string | null; subtitle_hls_master: string | null };
}

/** Posts the dream's video, and watches it get subtitles. The pod looks for it where videos of posts are. */
export async function samplePost(asking: Asking, dreamId: string, settings: Environment): Promise<string> {
  const ask = askOf(asking);
  const prefix = settings.STORAGE === 'fs' ? '' : (settings.S3_PREFIX ?? '').replace(/\/*$/, '/').replace(/^\/$/, '');
  const hls_s3_key = `${prefix}dreams/${dreamId}/video.mp4`;
  say.post(hls_s3_key);
  let post = await ask<Post>('POST', '/posts', { title: 'The sample dream, with subtitles', hls_s3_key });
  const progress = bar();
  while (!ENDED.includes(post.subtitle_status ?? '')) {
    progress.show(post.subtitle_job_id ? await percentOf(post.subtitle_job_id) : 0, post.subtitle_status ?? 'waiting');
    await sleep(200);
    post = await ask<Post>('GET', `/posts/${post.id}`);
  }
  const status = post.subtitle_status!;
  progress.end(status === 'completed' ? 100 : 0, status);
  const { subtitle_vtt: vtt, subtitle_hls_master: master } = post.links;
  if (vtt && master) say.subtitles(vtt, master, post.subtitle_manifest?.note);
  else {
    const why = post.subtitle_error ? `: ${post.subtitle_error}` : '';
    say.trouble(new Error(`the subtitles have ${status}${why}; see ${asking.api}/posts/${post.id}`));
  }
  return status;

  async function percentOf(jobId: string): Promise<number> {
    return (await ask<{ progress: number }>('GET', `/jobs/${jobId}`)).progress;
  }
}

const ENDED = ['completed', 'failed', 'cancelled'];

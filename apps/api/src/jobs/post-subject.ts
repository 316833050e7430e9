import { PodResult } from '@reverie/contracts';
import { completePost, findPost, inputKeyOf, insertPost, type Job, type Sql, updatePost } from '@reverie/db';
import { subtitles } from '@reverie/pipelines';
import { Refusal } from '../refusal.ts';
import type { Subject } from './subjects.ts';

/** The post a pod works for: a new one, or the one that is named. */
export const postSubject = (publicUrl: string): Subject => ({
  async begin(sql, { owner }, raw) {
    const { postId, inputKey } = subtitles.input.parse(raw);
    if (postId === undefined) {
      const made = await insertPost(sql, { owner, hlsS3Key: inputKey, subtitleKey: inputKey });
      return made!.id;
    }
    const post = await findPost(sql, postId, { owner });
    if (!post) throw new Refusal(404, 'not_found', `There is no post ${postId}, or it is not yours.`);
    const named = inputKeyOf(post) ?? inputKey;
    if (named !== inputKey) {
      throw new Refusal(
        422,
        'another_video',
        `The post names ${named}. Change the post, and its subtitles are made anew.`,
        [{ pointer: '/input/inputKey', detail: 'is not the one the post names' }],
      );
    }
    await updatePost(sql, postId, { subtitleKey: inputKey, ...(inputKeyOf(post) === null && { hlsS3Key: inputKey }) });
    return post.id;
  },

  async moved(sql, job, output) {
    if (job.subject === null) return;
    const subtitleError = job.error && `${job.error.code}: ${job.error.message}`;
    await updatePost(sql, job.subject, { subtitleJobId: job.id, subtitleStatus: job.status, subtitleError });
    if (job.status === 'completed') await complete(sql, publicUrl, job, PodResult.parse(output));
  },
});

async function complete(sql: Sql, publicUrl: string, job: Job, made: PodResult): Promise<void> {
  const { manifest, vtt, hlsMaster } = made;
  await completePost(sql, job.subject!, subtitles.input.parse(job.input).inputKey, {
    subtitleVttUrl: addressOf(manifest.subtitle_vtt_url, vtt.key, publicUrl),
    subtitleHlsMaster: addressOf(manifest.subtitle_hls_master, hlsMaster.key, publicUrl),
    subtitleManifest: manifest,
  });
}

/** As the pod gives it, if it knows an address (a CDN's); otherwise where this API has the file. */
const addressOf = (said: string, key: string, publicUrl: string): string =>
  /^https?:/i.test(said) ? said : `${publicUrl}/artifacts/${key.split('/').map(encodeURIComponent).join('/')}`;

import { findVideo, insertVideo, type Job, updateVideo } from '@reverie/db';
import { analysis } from '@reverie/pipelines';
import { Refusal } from '../refusal.ts';
import type { Subject } from './subjects.ts';

/** The video an analysis is about: a new one, or the one that is named. What was found comes with the job's end. */
export const videoSubject = (): Subject => ({
  async begin(sql, owner, raw) {
    const { videoId, sourceUrl, title } = analysis.input.parse(raw);
    if (videoId === undefined) return (await insertVideo(sql, { owner, sourceUrl, title: title ?? null })).id;
    const video = await findVideo(sql, videoId, { owner });
    if (!video) throw new Refusal(404, 'not_found', `There is no video ${videoId}.`);
    return video.id;
  },

  async moved(sql, job: Job) {
    if (job.subject === null) return;
    await updateVideo(sql, job.subject, { jobId: job.id, status: job.status, without: job.without });
  },
});

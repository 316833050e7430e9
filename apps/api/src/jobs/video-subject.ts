import {
  findVideo,
  insertMoments,
  insertVideo,
  type Job,
  replaceParts,
  type Sql,
  tasksOf,
  updateVideo,
  type VideoModels,
} from '@reverie/db';
import { AnalysisOutput, analysis } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import { Refusal } from '../refusal.ts';
import { storedVectors } from './stored-vectors.ts';
import type { Subject } from './subjects.ts';
import { momentRowsOf, partsOf } from './video-rows.ts';

/** The video an analysis is about: a new one, or the one that is named. What an earlier analysis found stays until another completes. */
export const videoSubject = (store: Store): Subject => ({
  async begin(sql, { owner }, raw) {
    const { videoId, sourceUrl, title } = analysis.input.parse(raw);
    if (videoId === undefined) return (await insertVideo(sql, { owner, sourceUrl, title: title ?? null })).id;
    const video = await findVideo(sql, videoId, { owner });
    if (!video) throw new Refusal(404, 'not_found', `There is no video ${videoId}.`);
    return video.id;
  },

  async moved(sql, job, output) {
    if (job.subject === null) return;
    await updateVideo(sql, job.subject, { jobId: job.id, status: job.status });
    if (job.status === 'completed') await keep(sql, store, job, AnalysisOutput.parse(output));
  },
});

async function keep(sql: Sql, store: Store, job: Job, found: AnalysisOutput): Promise<void> {
  const video = { id: job.subject!, owner: job.owner };
  const rows = momentRowsOf(video, found);
  await replaceParts(sql, video.id, partsOf(video, found));
  await insertMoments(sql, rows, found.embedded ? storedVectors(store, found.embedded, rows.length) : undefined);
  const { videoFacts: facts, recording, transcript, result, cost } = found;
  await updateVideo(sql, video.id, {
    ...{ facts, cost, models: modelsOf(found), without: await leftOutOf(sql, job.id) },
    videoKey: found.video.key,
    audioKey: recording?.audio.key ?? null,
    resultKey: result.key,
    transcript: transcript?.text ?? null,
    language: transcript?.language ?? null,
    completedAt: job.endedAt,
  });
}

const modelsOf = ({ transcript, sights, embedded }: AnalysisOutput): VideoModels => ({
  ...(transcript && { transcription: transcript.provider }),
  ...(sights?.[0] && { vision: sights[0].model }),
  ...(embedded && { embeddings: { model: embedded.model, dimensions: embedded.dimensions } }),
});

/** Stages that were left out, and why. */
async function leftOutOf(sql: Sql, jobId: string): Promise<Record<string, string> | null> {
  const reasons = (await tasksOf(sql, [jobId])).flatMap(({ stage, leftOut }) =>
    leftOut === null ? [] : [[stage, leftOut]],
  );
  return reasons.length > 0 ? Object.fromEntries(reasons) : null;
}

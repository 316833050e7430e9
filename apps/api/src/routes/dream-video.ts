import { artifactKey, JobStatus, type Report, reportId, Verdict, VideoComplete } from '@reverie/contracts';
import { findDream, findJob, findTask, type Job, lockDream, type Task, tasksOf } from '@reverie/db';
import { dream as dreamPipeline } from '@reverie/pipelines';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { outlookOf } from '../jobs/outlook.ts';
import { progressOf } from '../jobs/progress.ts';
import { settle } from '../jobs/settle.ts';
import { submit } from '../jobs/submit.ts';
import { verifier } from '../plugins/signed.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { CallbackUrl } from './callback-url.ts';
import { IdempotencyHeaders, IdParams, problemsOf, SignedHeaders } from './shapes.ts';

/** Document 001's status answer; what follows the first three is optional. */
const VideoStatus = z.object({
  job_id: z.uuid(),
  status: JobStatus,
  video_url: z.url().nullable().describe('Works without credentials for a while; asked again, it is a fresh one'),
  progress: z.number().optional().describe('0 to 100'),
  stage: z.string().optional().describe('What is being done just now'),
  queue_position: z.int().optional().describe('1 is next'),
  eta_seconds: z.int().optional(),
  preview_url: z.url().optional().describe('A small clip, there before the film is encoded'),
  poster_url: z.url().optional(),
  error: z.object({ code: z.string(), stage: z.string(), message: z.string() }).optional(),
});

/** Document 001's three routes about a dream's video. */
export const dreamVideo =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['dreams'];
    const verify = verifier(api.config.reportSecrets);

    app.post(
      '/dreams/:id/finish',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'The dream is told: make its video',
          params: IdParams,
          headers: IdempotencyHeaders,
          body: z.strictObject({ callback_url: CallbackUrl(api.config.privateHosts).optional() }).nullish(),
          response: {
            202: VideoStatus,
            200: VideoStatus.describe('It is already being made, or is made'),
            ...problemsOf(401, 403, 404, 422, 503),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { job, created } = await api.db.transaction(async (tx) => {
          const dream = await lockDream(tx, id, sightOf(request));
          if (!dream) throw notFound('dream', id);
          const before = dream.videoJobId === null ? undefined : await findJob(tx, dream.videoJobId);
          if (before && before.status !== 'failed' && before.status !== 'cancelled')
            return { job: before, created: false };
          const { owner, priority, transcript, aspect, title, style, segments } = dream;
          return submit(tx, api, {
            owner,
            pipeline: dreamPipeline.name,
            priority,
            key: request.headers['idempotency-key'],
            callbackUrl: request.body?.callback_url,
            input: {
              dreamId: id,
              transcript,
              aspect,
              ...(title && { title }),
              ...(style && { style }),
              ...(segments && { segments }),
            },
          });
        });
        return reply
          .code(created ? 202 : 200)
          .header('location', `/dreams/${id}/video-status`)
          .send(created ? { job_id: job.id, status: job.status, video_url: null } : await statusOf(api, id, job));
      },
    );

    app.get(
      '/dreams/:id/video-status',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'How far the video is',
          params: IdParams,
          response: { 200: VideoStatus, ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request) => {
        const { id } = request.params;
        const dream = await findDream(api.db, id, sightOf(request));
        if (!dream) throw notFound('dream', id);
        const job = dream.videoJobId === null ? undefined : await findJob(api.db, dream.videoJobId);
        if (!job)
          throw new Refusal(404, 'no_video_yet', `No video was asked for yet. POST /dreams/${id}/finish asks for it.`);
        return statusOf(api, id, job);
      },
    );

    app.post(
      '/dreams/:id/video-complete',
      {
        config: { scope: 'signed' },
        schema: {
          tags,
          summary: "The dream pipeline's last report, signed by the worker",
          description: `Standard Webhooks. The \`webhook-id\` is \`<task>.<attempt>.<status>\` and is the fence: a report of an attempt that is not the current one answers 409.`,
          params: IdParams,
          headers: SignedHeaders,
          body: VideoComplete,
          response: { 200: Verdict, ...problemsOf(401, 403, 404, 409, 422, 503) },
        },
        preValidation: async (request) => void verify(request),
      },
      async (request) => {
        const { id } = request.params;
        const dream = await findDream(api.reports, id);
        if (!dream) throw notFound('dream', id);
        const at = reportId.parse(request.headers['webhook-id']);
        const task = at && (await findTask(api.reports, at.taskId));
        const job = task && (await findJob(api.reports, task.jobId));
        if (!at || job?.subject !== id || task?.stage !== dreamPipeline.stages.at(-1)?.name) {
          throw new Refusal(
            409,
            'stale',
            'The webhook-id names no attempt at publishing this dream’s video. It is <task>.<attempt>.<status>, as claimed.',
          );
        }
        const verdict = await settle(api, at, await asReport(api, id, request.body));
        if (verdict.verdict === 'stale')
          throw new Refusal(
            409,
            'stale',
            'This attempt is not the current one; another has taken over, or the job has ended.',
          );
        return verdict;
      },
    );
  };

/** The URL in the body is not believed: the file must be where this dream's video belongs. */
async function asReport(api: Api, id: string, body: VideoComplete): Promise<Report> {
  if (body.status === 'failed') {
    const error = typeof body.error === 'string' ? { code: 'internal' as const, message: body.error } : body.error;
    return { status: 'failed', error };
  }
  const stored = await api.store.head(artifactKey.dreamVideo(id));
  if (!stored) {
    throw new Refusal(
      422,
      'no_such_file',
      `There is no ${artifactKey.dreamVideo(id)} in the store. Upload it before reporting it.`,
    );
  }
  const { key, bytes, contentType } = stored;
  return { status: 'completed', output: { video: { key, bytes, contentType }, metadata: body.metadata } };
}

async function statusOf(api: Api, dreamId: string, job: Job): Promise<z.infer<typeof VideoStatus>> {
  const tasks = await tasksOf(api.db, [job.id]);
  const percent = ({ id, attempt }: Task) => api.hub.percent(id, attempt) ?? 0;
  const outlook = await outlookOf(api.db, { job, pipeline: dreamPipeline, tasks, percent });
  const answer = { job_id: job.id, status: job.status, ...outlook };
  if (job.status === 'queued') return { ...answer, video_url: null };
  const { progress, stage } = progressOf(dreamPipeline, tasks, api.hub);
  const link = (key: string) => api.config.links.sign('GET', key, api.config.linkSeconds);
  const previewed = tasks.some((task) => task.stage === 'preview' && task.status === 'completed');
  return {
    ...answer,
    video_url: job.status === 'completed' ? link(artifactKey.dreamVideo(dreamId)) : null,
    progress,
    ...(stage !== null && { stage }),
    ...(previewed && {
      preview_url: link(artifactKey.dreamPreview(dreamId)),
      poster_url: link(artifactKey.dreamPoster(dreamId)),
    }),
    ...(job.error && { error: { code: job.error.code, stage: job.error.stage, message: job.error.message } }),
  };
}

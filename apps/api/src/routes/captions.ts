import { hasEnded, JobStatus, Priority } from '@reverie/contracts';
import { type Job, taskStatesOf } from '@reverie/db';
import { captions } from '@reverie/pipelines';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { progressOf } from '../jobs/progress.ts';
import { submit } from '../jobs/submit.ts';
import { pointingAtSent } from '../refusal.ts';
import type { Api } from './api.ts';
import { CallbackUrl } from './callback-url.ts';
import { IdempotencyHeaders, problemsOf } from './shapes.ts';

/** The pipeline's input in document 004's words. */
const FIELDS = {
  sourceUrl: 'youtube_url',
  language: 'language',
  languageOut: 'language_out',
  removeNoise: 'remove_noise',
  convertToMono: 'convert_to_mono',
  applyHighpassFilter: 'apply_highpass_filter',
  setSampleRate16k: 'set_sample_rate_16k',
  isolateVocals: 'isolate_vocals',
  noCache: 'no_cache',
} as const satisfies Record<keyof typeof captions.input.shape, string>;

const { shape } = captions.input;

/** What is left out is as the operator has set it. */
const NewCaptions = z.strictObject({
  youtube_url: z.string().nullish().describe(`Where the video is, on whatever site. ${shape.sourceUrl.description}`),
  source_url: z.string().nullish().describe('The same by a name that says so; one of the two'),
  language: z.string().nullish().describe('What is spoken; `auto` finds out'),
  language_out: z.string().nullish().describe('Translate into this; null: do not'),
  remove_noise: z.boolean().optional(),
  convert_to_mono: z.boolean().optional(),
  apply_highpass_filter: z.boolean().optional().describe(`${shape.applyHighpassFilter.description}`),
  set_sample_rate_16k: z.boolean().optional(),
  isolate_vocals: z.boolean().optional().describe(`${shape.isolateVocals.description}`),
  no_cache: z.boolean().optional().describe(`${shape.noCache.description}`),
  priority: Priority.default('normal'),
  metadata: z.record(z.string().max(100), z.unknown()).optional().describe('Given back untouched with the job'),
});

/** Document 004's answer. */
const Started = z.object({
  job_id: z.uuid(),
  status: JobStatus,
  message: z.string(),
  youtube_url: z.string(),
  overall_progress: z.number().describe('0 to 100'),
});

/** Document 004's way in. What it says of a job is at GET /jobs/:id. */
export const captionJobs =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/pipeline',
      {
        config: { scope: 'submit' },
        schema: {
          tags: ['captions'],
          summary: 'Transcribe a video: text, segments and subtitles',
          body: NewCaptions.extend({ callback_url: CallbackUrl(api.config.privateHosts).optional() }).refine(
            ({ youtube_url, source_url }) => (youtube_url == null) !== (source_url == null),
            { path: ['youtube_url'], message: 'send youtube_url or source_url, and not both' },
          ),
          headers: IdempotencyHeaders,
          response: {
            202: Started,
            200: Started.describe('The result was there already, or the job this key already made'),
            ...problemsOf(401, 403, 409, 422, 503),
          },
        },
      },
      async (request, reply) => {
        const { callback_url: callbackUrl, priority, metadata, ...fields } = request.body;
        const { job, created } = await api.db
          .transaction((tx) =>
            submit(tx, api, {
              owner: request.principal.owner,
              pipeline: captions.name,
              input: inOurWords(fields),
              priority,
              metadata,
              callbackUrl,
              key: request.headers['idempotency-key'],
            }),
          )
          .catch((error) => {
            throw pointingAtSent(error, sentAs(fields));
          });
        const begun = created && !hasEnded(job.status);
        const { progress } = progressOf(captions, await taskStatesOf(api.db, [job.id]), api.hub);
        return reply
          .code(begun ? 202 : 200)
          .header('location', `/jobs/${job.id}`)
          .send({
            job_id: job.id,
            status: job.status,
            message: messageFor(job, created),
            youtube_url: String(job.input.sourceUrl),
            overall_progress: progress,
          });
      },
    );
  };

function messageFor({ cachedFrom }: Job, created: boolean): string {
  if (!created) return 'This idempotency key has made this job before';
  return cachedFrom === null ? 'Pipeline started' : 'The result was there already';
}

type Fields = Partial<Record<(typeof FIELDS)[keyof typeof FIELDS] | 'source_url', unknown>>;

function inOurWords({ source_url, ...fields }: Fields): Record<string, unknown> {
  const asked: Fields = { ...fields, youtube_url: fields.youtube_url ?? source_url };
  const said = Object.entries(FIELDS).filter(([, theirs]) => asked[theirs] != null);
  return Object.fromEntries(said.map(([ours, theirs]) => [ours, asked[theirs]]));
}

/** What each of our fields is called where it was sent. */
const sentAs =
  ({ source_url }: Fields) =>
  (field: string): string =>
    field === 'sourceUrl' && source_url != null ? 'source_url' : ((FIELDS as Record<string, string>)[field] ?? field);

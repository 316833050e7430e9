import { type Artifact, JOB_STATUSES, type Transcript } from '@reverie/contracts';
import type { Job, Task } from '@reverie/db';
import { captions } from '@reverie/pipelines';
import { z } from 'zod';
import { givenSoFar } from '../jobs/stages.ts';
import type { Api } from './api.ts';
import { PlainJob } from './plain-view.ts';
import { Time } from './shapes.ts';
import { StageView } from './stage-view.ts';

/** Document 004's stages, ours, and where a finished one says which service did it. */
const STAGES = {
  download: { ours: 'download', by: 'downloadedBy' },
  normalization: { ours: 'normalise', by: 'normalisedBy' },
  transcription: { ours: 'transcribe', by: 'transcribedBy' },
} as const;

/** Document 004's word for a stage's state. */
const STATUS = {
  pending: 'pending',
  waiting: 'queued',
  running: 'processing',
  completed: 'completed',
  skipped: 'skipped',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<StageView['state'], string>;

/** Document 004's words for a job that is being worked on, and which is for what stage. */
const DOINGS = ['downloading', 'normalizing', 'transcribing'] as const;
const DOING: Record<string, (typeof DOINGS)[number]> = {
  download: 'downloading',
  normalise: 'normalizing',
  transcribe: 'transcribing',
  subtitles: 'transcribing',
};

const CaptionsStage = z.object({
  status: z.enum(STATUS),
  job_id: z.string().nullable().describe('Of the job in the service that did it, or of the task here'),
  progress: z.number().describe('0 to 100'),
  started_at: Time,
  completed_at: Time,
});

const FileUrl = z.url().nullable().describe('Works without credentials for a while');

/** Document 004's job, and everything else there is to know about it. */
export const CaptionsJob = PlainJob.omit({ stages: true }).extend({
  pipeline: z.literal(captions.name),
  status: z
    .enum([...JOB_STATUSES, ...DOINGS])
    .describe('`downloading`, `normalizing` and `transcribing` are what others have as `processing`'),
  youtube_url: z.string(),
  overall_progress: z.number().describe('0 to 100'),
  completed_at: Time,
  stages: z.object({ download: CaptionsStage, normalization: CaptionsStage, transcription: CaptionsStage }),
  stage_list: z.array(StageView).describe('What other pipelines have as `stages`'),
  language: z.string().nullable().describe('What is spoken, as the transcription server named it'),
  transcribed_by: z.string().nullable().describe('The provider'),
  transcription_text: z.string().nullable(),
  transcription_segments: z
    .array(z.object({ text: z.string(), start: z.number(), end: z.number(), duration: z.number() }))
    .nullable()
    .describe('Times in seconds'),
  transcription_file: z.string().nullable().describe('The SRT file'),
  audio_file: z.string().nullable().describe('The sound as it was transcribed'),
  srt_url: FileUrl,
  vtt_url: FileUrl,
  json_url: FileUrl,
  audio_url: FileUrl,
});

/** What there is as soon as a stage has given it. */
interface Given extends Partial<Record<(typeof STAGES)[keyof typeof STAGES]['by'], string>> {
  recording?: { audio: Artifact };
  transcript?: Transcript;
  files?: { srt: Artifact; vtt: Artifact; json: Artifact };
}

/** The plain view of a caption job in the document's words, too. */
export function captionsView(
  { config }: Pick<Api, 'config'>,
  plain: PlainJob,
  { job, tasks }: { job: Job; tasks: readonly Task[] },
): z.infer<typeof CaptionsJob> {
  const { recording, transcript, files, ...given }: Given = givenSoFar(captions, job, tasks);
  const link = (file: Artifact | undefined) => (file ? config.links.sign('GET', file.key, config.linkSeconds) : null);

  function stage(name: keyof typeof STAGES): z.infer<typeof CaptionsStage> {
    const { ours, by } = STAGES[name];
    const { state, progress, started_at, ended_at } = plain.stages.find((one) => one.name === ours)!;
    return {
      status: STATUS[state],
      job_id: given[by] ?? tasks.find((task) => task.stage === ours)?.id ?? null,
      progress,
      started_at,
      completed_at: state === 'completed' ? ended_at : null,
    };
  }

  return {
    ...plain,
    pipeline: captions.name,
    status: job.status === 'processing' ? (DOING[plain.stage ?? ''] ?? job.status) : job.status,
    youtube_url: String(job.input.sourceUrl),
    overall_progress: plain.progress,
    completed_at: job.status === 'completed' ? plain.ended_at : null,
    stages: {
      download: stage('download'),
      normalization: stage('normalization'),
      transcription: stage('transcription'),
    },
    stage_list: plain.stages,
    language: transcript?.language ?? null,
    transcribed_by: transcript?.provider ?? null,
    transcription_text: transcript?.text ?? null,
    transcription_segments:
      transcript?.segments.map(({ text, start, end }) => ({ text, start, end, duration: thousandths(end - start) })) ??
      null,
    transcription_file: nameOf(files?.srt),
    audio_file: nameOf(recording?.audio),
    srt_url: link(files?.srt),
    vtt_url: link(files?.vtt),
    json_url: link(files?.json),
    audio_url: link(recording?.audio),
  };
}

const nameOf = (file: Artifact | undefined) => file?.key.split('/').at(-1) ?? null;

/** 2.4 to 4.9 is 2.5, not 2.5000000000000004. */
const thousandths = (seconds: number) => Math.round(seconds * 1000) / 1000;

import { type Artifact, artifactKey, type Segment } from '@reverie/contracts';
import { expect } from 'vitest';
import type { Product } from './product.ts';
import { taskOf } from './tasks.ts';
import type { wireWorker } from './wire-worker.ts';

export const SAID: Segment[] = [
  { text: 'Good morning.', start: 0, end: 2.4 },
  { text: 'It is late.', start: 2.4, end: 4.9 },
];

/** Where captions can be made: nobody asks the transcription server, the worker on the wire says what was heard. */
export const CAPTIONS = { TRANSCRIBE_BASE_URL: 'http://127.0.0.1:1/v1' };

/** Document 004's answer to GET /jobs/:id, as far as tests read it. */
export interface CaptionsJob {
  job_id: string;
  status: string;
  overall_progress: number;
  cached_from: string | null;
  stages: Record<'download' | 'normalization' | 'transcription', Record<string, unknown>>;
  stage_list: { name: string; state: string; attempts: unknown[] }[];
  transcription_text: string | null;
  transcription_segments: Segment[] | null;
  artifacts: { key: string }[];
}

export const STAGES = ['download', 'normalise', 'transcribe', 'subtitles'] as const;
type Stage = (typeof STAGES)[number];

/** Does a caption job's stages one after the other, as a worker would say it. */
export function captioner(product: Product, wire: ReturnType<typeof wireWorker>) {
  async function begin(jobId: string, stage: Stage) {
    const { id } = await taskOf(product, jobId, stage);
    const { status, body } = await wire.claim(id);
    expect([stage, status]).toEqual([stage, 200]);
    return { taskId: id, attempt: body.attempt };
  }
  async function finish(jobId: string, stage: Stage, at: { taskId: string; attempt: number }, more: object = {}) {
    const file = (name: string, contentType: string): Artifact => ({
      key: artifactKey.work({ jobId, stage, part: 0, attempt: at.attempt }, name),
      bytes: 1,
      contentType,
    });
    const outputs = {
      download: { media: file('source.mp4', 'video/mp4'), facts: { duration: 4.9 } },
      normalise: { recording: { audio: file('audio_normalized.flac', 'audio/flac'), duration: 4.9, rests: [] } },
      transcribe: { language: 'en', segments: SAID, provider: 'wire', cost: 0 },
      subtitles: {
        files: {
          srt: file('transcription.srt', 'application/x-subrip'),
          vtt: file('transcription.vtt', 'text/vtt'),
          json: file('transcription.json', 'application/json'),
        },
      },
    };
    const { body } = await wire.report(at, { status: 'completed', output: { ...outputs[stage], ...more } });
    expect(body.verdict).toBe('accepted');
  }
  const run = async (jobId: string, stage: Stage, more: object = {}) =>
    finish(jobId, stage, await begin(jobId, stage), more);
  return {
    begin,
    finish,
    run,
    async whole(jobId: string) {
      for (const stage of STAGES) await run(jobId, stage);
    },
  };
}

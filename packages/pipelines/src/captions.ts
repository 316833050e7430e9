import { readSource, SourceText } from '@reverie/contracts';
import { z } from 'zod';
import { pipeline, type Requirement } from './pipeline.ts';
import { downloadSound } from './stages/download.ts';
import { normaliseSound } from './stages/normalise-sound.ts';
import { subtitleFiles } from './stages/subtitle-files.ts';
import { transcribe } from './stages/transcribe.ts';

/** ISO 639, with a region where it matters: `pt`, `pt-BR`, `yue`. */
export const Language = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en or pt-BR');

/** What a source takes to be fetched. */
export function fetching(sourceUrl: string): Requirement[] {
  const kind = readSource(sourceUrl)?.kind;
  if (kind === 'page') return [{ ability: 'fetch pages', field: 'sourceUrl' }];
  return kind === 's3' ? [{ ability: 'fetch s3', field: 'sourceUrl' }] : [];
}

/** A video from anywhere → its sound, made fit → what is said in it, as text and subtitles. */
export const captions = pipeline({
  name: 'captions',
  summary: 'Transcribes a video: text, segments, SRT and VTT, translated if wished',
  input: z.object({
    sourceUrl: SourceText,
    language: z
      .union([z.literal('auto'), Language])
      .default('auto')
      .describe('What is spoken; `auto` finds out'),
    languageOut: Language.optional().describe('Translate into this'),
    removeNoise: z.boolean().default(true),
    convertToMono: z.boolean().default(true),
    applyHighpassFilter: z.boolean().default(false).describe('Takes away what is below 80 Hz'),
    setSampleRate16k: z.boolean().default(true),
    isolateVocals: z.boolean().default(false).describe('Needs a service that can do it'),
    noCache: z.boolean().default(false).describe('Do all of it again, even if there is a result'),
  }),
  stages: [downloadSound, normaliseSound, transcribe, subtitleFiles],
  cacheVersion: 1,
  requires: ({ sourceUrl, languageOut, isolateVocals }) => [
    ...fetching(sourceUrl),
    { ability: 'transcribe', field: 'sourceUrl' },
    ...(languageOut !== undefined && !/^en\b/i.test(languageOut)
      ? [{ ability: 'translate' as const, field: 'languageOut' }]
      : []),
    ...(isolateVocals ? [{ ability: 'isolate vocals' as const, field: 'isolateVocals' }] : []),
  ],
});

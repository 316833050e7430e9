import { z } from 'zod';

/** What an installation can do only when somebody has set it up, and how that is done. */
export const ABILITIES = {
  transcribe: 'set TRANSCRIBE_BASE_URL, OPENAI_API_KEY or AUDIO_TRANSCRIBER_URL',
  translate: 'set OPENAI_API_KEY, or ask for English, which the transcription server can do by itself',
  vision: 'set VISION_BASE_URL or OPENAI_API_KEY',
  embed: 'set EMBED_BASE_URL or OPENAI_API_KEY',
  'isolate vocals': 'set AUDIO_NORMALIZATION_URL to a service that can do it',
  'fetch pages': 'install yt-dlp where the workers are (or set YTDLP_PATH), or VIDEO_DOWNLOADER_URL',
  'run pods': 'set VL_POD_RUN_URL to the POST /run of a pod',
  'fetch s3': 'name the bucket in S3_SOURCE_BUCKETS',
} as const;

export type Ability = keyof typeof ABILITIES;
export const Ability = z.enum(Object.keys(ABILITIES) as [Ability, ...Ability[]]);

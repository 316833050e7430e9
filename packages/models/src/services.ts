import { variable } from '@reverie/contracts';
import { z } from 'zod';

const seconds = (otherwise: number) => z.coerce.number().int().min(1).max(86_400).default(otherwise);

/** Document 004's services: where one is named, it does the stage in the worker's place. */
export const servicesEnvironment = {
  VIDEO_DOWNLOADER_URL: variable(z.url().optional(), 'A service that downloads, in place of the worker'),
  VIDEO_DOWNLOADER_TIMEOUT: variable(seconds(300), 'How many seconds it may take for one video'),
  AUDIO_NORMALIZATION_URL: variable(z.url().optional(), 'A service that normalises sound, in place of the worker'),
  AUDIO_NORMALIZATION_TIMEOUT: variable(seconds(180), 'How many seconds it may take for one recording'),
  AUDIO_TRANSCRIBER_URL: variable(z.url().optional(), 'A service that transcribes, in place of TRANSCRIBE_BASE_URL'),
  AUDIO_TRANSCRIBER_TIMEOUT: variable(seconds(600), 'How many seconds it may take for one piece of ten minutes'),
  POLL_INTERVAL: variable(
    z.coerce.number().min(0.05).max(60).default(3),
    'Seconds between two looks at such a service',
  ),
  MAX_POLL_ATTEMPTS: variable(
    z.coerce.number().int().min(1).max(100_000).default(600),
    'Shown in GET /admin/stats. What ends a stage is its time limit, not a count',
  ),
  HTTP_MAX_RETRIES: variable(
    z.coerce.number().int().min(0).max(20).default(3),
    'How often one call to such a service is repeated after a 5xx or no answer, within one attempt of the stage',
  ),
  RETRY_BACKOFF_BASE_SECONDS: variable(
    z.coerce.number().min(0.01).max(60).default(1.5),
    'A failed task, or call to such a service, waits up to base × 2^tries, five minutes at most',
  ),
};

type ServicesEnvironment = z.infer<z.ZodObject<typeof servicesEnvironment>>;

export interface Service {
  /** Without a slash at its end. */
  url: string;
  seconds: number;
}

export interface Services {
  downloader: Service | undefined;
  normaliser: Service | undefined;
  transcriber: Service | undefined;
  pollSeconds: number;
  pollAttempts: number;
  retries: number;
  backoffSeconds: number;
}

export function servicesOf(env: ServicesEnvironment): Services {
  const at = (name: 'VIDEO_DOWNLOADER' | 'AUDIO_NORMALIZATION' | 'AUDIO_TRANSCRIBER'): Service | undefined => {
    const url = env[`${name}_URL`];
    return url ? { url: url.replace(/\/+$/, ''), seconds: env[`${name}_TIMEOUT`] } : undefined;
  };
  return {
    downloader: at('VIDEO_DOWNLOADER'),
    normaliser: at('AUDIO_NORMALIZATION'),
    transcriber: at('AUDIO_TRANSCRIBER'),
    pollSeconds: env.POLL_INTERVAL,
    pollAttempts: env.MAX_POLL_ATTEMPTS,
    retries: env.HTTP_MAX_RETRIES,
    backoffSeconds: env.RETRY_BACKOFF_BASE_SECONDS,
  };
}

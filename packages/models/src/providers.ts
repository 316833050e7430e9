import { variable } from '@reverie/contracts';
import { z } from 'zod';
import type { Provider } from './openai.ts';

const secret = { secret: true } as const;

/** The variables that API and worker share about models: the API says no to what nobody could do, and embeds what is searched for. */
export const modelsEnvironment = {
  OPENAI_API_KEY: variable(
    z.string().optional(),
    'Storyboard, pictures and narration by models, and everything below that has no server of its own',
    secret,
  ),
  OPENAI_BASE_URL: variable(z.url().optional(), 'Any server that speaks the OpenAI API; with its /v1'),
  OPENAI_CHAT_MODEL: variable(z.string().default('gpt-5.4-mini'), 'Writes the storyboard, and translates'),
  OPENAI_IMAGE_MODEL: variable(z.string().default('gpt-image-2.5-flare'), 'Paints the pictures'),
  OPENAI_SPEECH_MODEL: variable(z.string().default('gpt-4o-mini-tts'), 'Speaks the narration'),
  OPENAI_VOICE: variable(z.string().default('sage'), 'The voice it speaks with'),
  TRANSCRIBE_BASE_URL: variable(z.url().optional(), 'A transcription server that speaks the OpenAI API; with its /v1'),
  TRANSCRIBE_API_KEY: variable(z.string().optional(), 'Its key, if it wants one', secret),
  TRANSCRIBE_MODEL: variable(z.string().default('whisper-1'), 'Must answer with segments (verbose_json)'),
  VISION_BASE_URL: variable(
    z.url().optional(),
    'A chat server that takes pictures and structured outputs; with its /v1',
  ),
  VISION_API_KEY: variable(z.string().optional(), 'Its key, if it wants one', secret),
  VISION_MODEL: variable(z.string().default('gpt-5.4-mini'), 'Looks at frames'),
  EMBED_BASE_URL: variable(z.url().optional(), 'An embeddings server that speaks the OpenAI API; with its /v1'),
  EMBED_API_KEY: variable(z.string().optional(), 'Its key, if it wants one', secret),
  EMBED_MODEL: variable(
    z.string().default('text-embedding-3-small'),
    'Makes vectors of texts. API and workers must have the same: what is searched for is compared with what was found',
  ),
  EMBED_DIMENSIONS: variable(
    z.coerce.number().int().min(8).max(16_000).optional(),
    'How long the vectors are, where the model lets one choose; by default as it likes',
  ),
};

type ModelsEnvironment = z.infer<z.ZodObject<typeof modelsEnvironment>>;

/** Who does what. Undefined: nobody. */
export interface Providers {
  transcribe: Provider | undefined;
  /** Translates what was transcribed into anything but English. */
  translate: Provider | undefined;
  vision: Provider | undefined;
  embed: (Provider & { dimensions: number | undefined }) | undefined;
}

/** A server of its own comes first; without one, OpenAI's key opens OpenAI's door. */
export function providersOf(env: ModelsEnvironment): Providers {
  const general = env.OPENAI_API_KEY
    ? { apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL, named: 'OPENAI' }
    : undefined;
  const by = (named: 'TRANSCRIBE' | 'VISION' | 'EMBED'): Provider | undefined => {
    const model = env[`${named}_MODEL`];
    const baseUrl = env[`${named}_BASE_URL`];
    // A server on one's own machine often wants no key; the SDK wants some.
    if (baseUrl) return { apiKey: env[`${named}_API_KEY`] ?? 'none', baseUrl, named, model };
    return general && { ...general, model };
  };
  const embed = by('EMBED');
  return {
    transcribe: by('TRANSCRIBE'),
    translate: general && { ...general, model: env.OPENAI_CHAT_MODEL },
    vision: by('VISION'),
    embed: embed && { ...embed, dimensions: env.EMBED_DIMENSIONS },
  };
}

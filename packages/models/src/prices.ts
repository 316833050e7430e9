/**
 * What OpenAI asks, in USD, as published in autumn 2026. Estimates for the job's `cost`, not an invoice:
 * cached input counts as fresh.
 */
const MILLION = 1_000_000;

/** Per million tokens in, per million tokens out. */
const CHAT: Record<string, [number, number]> = {
  'gpt-6-sol': [2, 10],
  'gpt-6-luna': [0.1, 0.5],
  'gpt-5.6-sol': [4, 20],
  'gpt-5.6-terra': [2, 12],
  'gpt-5.6-luna': [0.2, 1.2],
  'gpt-5.5': [5, 30],
  'gpt-5.4': [2.5, 15],
  'gpt-5.4-mini': [0.75, 4.5],
  'gpt-5.4-nano': [0.2, 1.25],
  'gpt-5': [1.25, 10],
  'gpt-5-mini': [0.25, 2],
  'gpt-5-nano': [0.05, 0.4],
  'gpt-4.1': [2, 8],
  'gpt-4.1-mini': [0.4, 1.6],
  'gpt-4.1-nano': [0.1, 0.4],
  'gpt-4o': [2.5, 10],
  'gpt-4o-mini': [0.15, 0.6],
};

/** The same, for the text that goes in and the picture that comes out. */
const IMAGE: Record<string, [number, number]> = {
  'gpt-image-2.5-flare': [5, 30],
  'gpt-image-2.5-sunburst': [5, 30],
  'gpt-image-2': [5, 30],
  'gpt-image-1.5': [5, 32],
  'gpt-image-1': [5, 40],
  'gpt-image-1-mini': [2, 8],
};

/** Per million characters, or per minute where the answer does not say how many tokens it was. */
const SPEECH: Record<string, { perMillionCharacters: number } | { perMinute: number }> = {
  'tts-1': { perMillionCharacters: 15 },
  'tts-1-hd': { perMillionCharacters: 30 },
  'gpt-4o-mini-tts': { perMinute: 0.015 },
};

/** Per minute of sound. */
const TRANSCRIBE: Record<string, number> = {
  'whisper-1': 0.006,
  'gpt-4o-transcribe': 0.006,
  'gpt-4o-mini-transcribe': 0.003,
  'gpt-4o-transcribe-diarize': 0.006,
};

/** The same as CHAT, and nothing comes out. */
const EMBED: Record<string, [number, number]> = {
  'text-embedding-3-small': [0.02, 0],
  'text-embedding-3-large': [0.13, 0],
  'text-embedding-ada-002': [0.1, 0],
};

/** `gpt-4o-mini-2024-07-18` costs what `gpt-4o-mini` costs. */
const undated = (model: string) => model.replace(/-\d{4}-\d{2}-\d{2}$/, '');

/** Says of a model we have no price for that its cost of 0 means nothing. */
const labelled = (table: Record<string, unknown>, model: string) =>
  undated(model) in table ? `openai/${model}` : `openai/${model} (price unknown)`;

interface Tokens {
  in: number;
  out: number;
}

const byTokens = (table: Record<string, [number, number]>) => ({
  provider: (model: string) => labelled(table, model),
  cost(model: string, tokens: Tokens | undefined): number {
    const price = table[undated(model)];
    return price && tokens ? (tokens.in * price[0] + tokens.out * price[1]) / MILLION : 0;
  },
});

export const chatPrice = byTokens(CHAT);
export const imagePrice = byTokens(IMAGE);
export const embedPrice = byTokens(EMBED);
export const transcribePrice = {
  provider: (model: string) => labelled(TRANSCRIBE, model),
  cost: (model: string, seconds: number): number => (seconds / 60) * (TRANSCRIBE[undated(model)] ?? 0),
};
export const speechPrice = {
  provider: (model: string) => labelled(SPEECH, model),
  cost(model: string, spoken: { characters: number; seconds: number }): number {
    const price = SPEECH[undated(model)];
    if (!price) return 0;
    return 'perMinute' in price
      ? (spoken.seconds / 60) * price.perMinute
      : (spoken.characters * price.perMillionCharacters) / MILLION;
  },
};

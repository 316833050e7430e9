import type { PodRun, Segment } from '@reverie/contracts';
import { cutPiece, type Listener, UNKNOWN } from '@reverie/media';
import { cutAtRests } from '@reverie/pipelines';
import type { Bench, Run } from '../bench.ts';
import { languageTag, UNDETERMINED } from './language-tag.ts';
import { speechCues } from './speech-cues.ts';
import type { Sound } from './take-sound.ts';

/** What becomes the subtitles. */
export interface Heard {
  cues: Segment[];
  /** Of the subtitles, as BCP 47 has it. */
  language: string;
  /** What is spoken, as BCP 47 has it. */
  sourceLanguage: string;
  provider: string;
  cost: number;
  /** What people should know of them. */
  note?: string;
}

export const OFFLINE = 'offline';
/** Every provider takes ten minutes: 19 MB of FLAC at most. */
const MOST_SECONDS = 600;

/** Writes down what is said, or, where nobody can, when somebody seems to speak. */
export async function listen(sound: Sound | undefined, wish: PodRun, bench: Bench, run: Run): Promise<Heard> {
  const spoken = wish.source_lang ?? UNDETERMINED;
  const nothing = { cues: [], language: spoken, sourceLanguage: spoken, cost: 0 };
  const { listener } = bench;
  if (!sound) return { ...nothing, provider: listener?.name ?? OFFLINE, note: 'The video has no sound.' };
  if (listener) return transcribe(sound, wish, listener, { ...bench, ...run });
  const cues = speechCues(sound.rests, sound.seconds);
  return { ...nothing, cues, language: UNDETERMINED, provider: OFFLINE, note: NOT_TRANSCRIBED };
}

const NOT_TRANSCRIBED =
  'Nothing was transcribed: the pod has no TRANSCRIBE_BASE_URL and no OPENAI_API_KEY. The cues tell when something is heard that may be speech.';

/** Piece by piece, cut where nobody speaks. */
async function transcribe(
  sound: Sound,
  { source_lang, target_lang }: PodRun,
  listener: Listener,
  { ffmpegPath, dir, signal, progress }: Bench & Run,
): Promise<Heard> {
  progress(25, 'listen');
  const pieces = cutAtRests(sound.seconds, sound.rests, MOST_SECONDS);
  const cues: Segment[] = [];
  let language = UNKNOWN;
  let cost = 0;
  let provider = listener.name;
  for (const [i, span] of pieces.entries()) {
    const tell = (percent: number) => progress(25 + (40 * (i + percent / 100)) / pieces.length, 'listen');
    const piece = await cutPiece(sound.file, span, { ffmpegPath, cwd: dir, signal });
    if (piece.silent) continue; // Whisper would make something up
    const asked = { language: source_lang ?? 'auto', ...(target_lang !== null && { languageOut: target_lang }) };
    const heard = await listener.listen(piece, asked, { signal, progress: tell });
    const within = (time: number) => Math.round(1_000 * Math.min(span.end, span.start + Math.max(0, time))) / 1_000;
    cues.push(...heard.segments.map(({ text, start, end }) => ({ text, start: within(start), end: within(end) })));
    if (language === UNKNOWN) language = heard.language;
    cost += heard.cost;
    provider = heard.provider;
    tell(100);
  }
  const sourceLanguage = source_lang ?? languageTag(language);
  const note = cues.length === 0 ? { note: 'Nothing is said in the video.' } : {};
  return { cues, language: target_lang ?? sourceLanguage, sourceLanguage, provider, cost, ...note };
}

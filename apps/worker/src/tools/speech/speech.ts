import { createHash } from 'node:crypto';
import type { FfmpegPlace } from '@reverie/media';
import { inLanes, secondsToSay } from '@reverie/media';
import type { Speech } from '@reverie/pipelines';
import type { Workplace } from '../workplace.ts';
import { listen } from './listen.ts';
import { mixNarration, writeTrack } from './mix.ts';
import { timeHeardWords, timeWords } from './time-words.ts';
import { type Line, timeline } from './timeline.ts';

/** Somebody who can read aloud. */
export interface Voice {
  provider: string;
  /** Lines said side by side. */
  atOnce: number;
  /** The text in pieces it can say in one go. */
  linesOf(text: string): string[];
  /** Says a line into a WAV file of that name in the folder. */
  say(line: string, wav: string, signal: AbortSignal): Promise<void>;
  /** USD for a line that took so long. */
  cost(line: string, seconds: number): number;
  /** ffmpeg filters, with a comma behind, that make it pleasant. */
  finish: string;
}

type Said = Line & { cost: number; pcm?: { file: string; from: number } };

/** Narrates with a voice over a quiet soundscape, or, where there is no voice, with the soundscape alone at reading speed. */
export const speechBy = (
  voice: Voice | undefined,
  { ffmpegPath, place }: { ffmpegPath: string; place: Workplace },
): Speech => ({
  async narrate(texts, { key }, signal) {
    const here = { ffmpegPath, cwd: place.path, signal };
    const lines = texts.flatMap((text, scene) =>
      (voice?.linesOf(text) ?? [text]).map((line) => ({ scene, text: line })),
    );
    const said = await inLanes(lines, { atOnce: voice?.atOnce ?? 1, signal }, async ({ scene, text }, i, signal) =>
      voice ? await sayAloud(voice, { scene, text, name: `line-${i}` }, { ...here, signal }) : inSilence(scene, text),
    );
    const { starts, scenes, duration } = timeline(texts, said);
    const clips = said.flatMap(({ pcm, seconds }, i) => (pcm ? [{ ...pcm, seconds, at: starts[i]! }] : []));
    if (clips.length > 0) await writeTrack('voice.pcm', { clips, seconds: duration }, here);

    const heard = voice && clips.length > 0 ? { track: 'voice.pcm', finish: voice.finish } : undefined;
    await mixNarration('narration.wav', { seconds: duration, seed: seedOf(texts), voice: heard }, here);
    return {
      audio: await place.keep('narration.wav', { key, contentType: 'audio/wav' }, signal),
      scenes,
      duration,
      provider: voice?.provider ?? 'offline',
      cost: said.reduce((sum, { cost }) => sum + cost, 0),
    };
  },
});

/** Time to read a text in: 2.6 words a second, and never less than it takes to see the picture. */
function inSilence(scene: number, text: string): Said {
  const seconds = Math.max(2.5, secondsToSay(text));
  return { scene, seconds, words: timeWords(text, 0, seconds), cost: 0 };
}

async function sayAloud(
  voice: Voice,
  { scene, text, name }: { scene: number; text: string; name: string },
  here: FfmpegPlace,
): Promise<Said> {
  const files = { wav: `${name}.wav`, pcm: `${name}.pcm` };
  await voice.say(text, files.wav, here.signal);
  const { speech, silences } = await listen(files, here);
  // A voice may have nothing to say to "🌊" or to a script it cannot read. The film still shows it.
  if (!speech) return { ...inSilence(scene, text), cost: voice.cost(text, 0) };

  const seconds = speech.end - speech.start;
  const words = timeHeardWords(text, speech, silences).map(({ text, start, end }) => ({
    text,
    start: start - speech.start,
    end: end - speech.start,
  }));
  return { scene, seconds, words, cost: voice.cost(text, seconds), pcm: { file: files.pcm, from: speech.start } };
}

/** The same dream sounds the same every time. */
const seedOf = (texts: string[]) => createHash('sha256').update(texts.join('\n')).digest().readUInt16BE();

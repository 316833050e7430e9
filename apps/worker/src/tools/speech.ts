import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Speech } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import { inLanes } from './lanes.ts';
import { listen } from './listen.ts';
import { mixNarration, type Place, writeTrack } from './mix.ts';
import { secondsToSay } from './spoken-length.ts';
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
export const speechBy = (voice: Voice | undefined, place: Place & { store: Store }): Speech => ({
  async narrate(texts, { key }, signal) {
    const lines = texts.flatMap((text, scene) => (voice?.linesOf(text) ?? [text]).map((line) => ({ scene, text: line })));
    const said = await inLanes(lines, { atOnce: voice?.atOnce ?? 1, signal }, async ({ scene, text }, i, signal) =>
      voice ? await sayAloud(voice, { scene, text, i }, place, signal) : inSilence(scene, text),
    );
    const { starts, scenes, duration } = timeline(texts, said);
    const clips = said.flatMap(({ pcm, seconds }, i) => (pcm ? [{ ...pcm, seconds, at: starts[i]! }] : []));
    if (clips.length > 0) await writeTrack('voice.pcm', { clips, seconds: duration }, place, signal);

    const wav = await mixNarration(
      { seconds: duration, seed: seedOf(texts), ...(voice && clips.length > 0 ? { voice: 'voice.pcm', finish: voice.finish } : {}) },
      place,
      signal,
    );
    const audio = await place.store.put(key, createReadStream(join(place.folder, wav)), { contentType: 'audio/wav', signal });
    return {
      audio: audio!,
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
  line: { scene: number; text: string; i: number },
  place: Place,
  signal: AbortSignal,
): Promise<Said> {
  const { scene, text, i } = line;
  const files = { wav: `line-${i}.wav`, pcm: `line-${i}.pcm` };
  await voice.say(text, files.wav, signal);
  const { speech, silences } = await listen(files, place, signal);
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

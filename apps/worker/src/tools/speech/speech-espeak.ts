import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@reverie/contracts';
import { run } from '@reverie/media';
import type { Voice } from './speech.ts';

/** Read with English rules these are spelled out letter by letter; the first script found decides. */
const BY_SCRIPT: [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Han}/u, 'cmn'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Cyrillic}/u, 'ru'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Arabic}/u, 'ar'],
  [/\p{Script=Hebrew}/u, 'he'],
  [/\p{Script=Devanagari}/u, 'hi'],
];

/** The voice of espeak-ng: plain, but on every machine that wants it, and free. */
export const espeakVoice = (espeakPath: string, folder: string): Voice => ({
  provider: 'espeak-ng',
  atOnce: 2,
  linesOf: (text) => [text],
  async say(line, wav, signal) {
    const language = BY_SCRIPT.find(([script]) => script.test(line))?.[1] ?? 'en-us';
    // By file: as an argument a text could be an option, and every user of the machine could read it.
    const file = `${wav}.txt`;
    await writeFile(join(folder, file), sayable(line));
    const read = (voice: string) =>
      run(espeakPath, ['-v', voice, '-s', '140', '-p', '40', '-b', '1', '-f', file, '-w', wav], {
        cwd: folder,
        signal,
      });
    // Older ones lack a language or two, and spelling letters out is better than no film.
    await read(language).catch((why: unknown) => {
      if (language === 'en-us' || !(why instanceof Failure)) throw why;
      return read('en-us');
    });
  },
  cost: () => 0,
  // Less hiss and edge, a little warmth, and a small room around it.
  finish:
    'highpass=f=90,equalizer=f=220:t=q:w=1:g=2.5,equalizer=f=3000:t=q:w=1.2:g=-4,lowpass=f=6500,' +
    'acompressor=threshold=0.12:ratio=2.5:attack=10:release=200:makeup=2.6,aecho=0.9:0.85:31|67|113:0.14|0.1|0.07,',
});

/** Control characters are no speech, and `[[…]]` would be read as phonemes. */
const sayable = (line: string) => line.replace(/\p{Cc}/gu, ' ').replaceAll('[[', '[ [');

import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '@reverie/contracts';
import { groupEvenly, piecesOf } from '@reverie/media';
import type { Ask } from '@reverie/models';
import { speechPrice } from '@reverie/models';
import type { Voice } from './speech.ts';

/** The provider takes 4,096 characters at a time; room is left for how it counts them. */
const MOST_CHARACTERS = 4_000;

const TONE = 'Calm and warm, a little hushed and unhurried, like somebody telling a dream at night.';

/** A voice of OpenAI's. */
export const openAiVoice = (
  ask: Ask,
  { speechModel: model, voice }: { speechModel: string; voice: string },
  folder: string,
): Voice => ({
  provider: speechPrice.provider(model),
  atOnce: 3,
  linesOf: linesWithin(MOST_CHARACTERS),
  say: (line, wav, signal) =>
    ask({ model, seconds: 110 }, signal, async (client, signal) => {
      const answer = await client.audio.speech.create(
        // tts-1 does not know `instructions`.
        { model, voice, input: line, response_format: 'wav', ...(/^tts-1/.test(model) ? {} : { instructions: TONE }) },
        { signal },
      );
      if (!answer.body) throw new Failure('provider_nonsense', `"${model}" answered without sound`);
      await pipeline(Readable.fromWeb(answer.body), createWriteStream(join(folder, wav)), { signal });
      if (!(await isWav(join(folder, wav))))
        throw new Failure('provider_nonsense', `"${model}" sent something that is no WAV`);
    }),
  cost: (line, seconds) => speechPrice.cost(model, { characters: line.length, seconds }),
  finish: '',
});

/** As few lines as the limit allows, cut where sentences end. */
export const linesWithin =
  (most: number) =>
  (text: string): string[] => {
    if (text.length <= most) return [text];
    const pieces = piecesOf(text);
    for (let lines = Math.ceil(text.length / most); lines < pieces.length; lines++) {
      const cut = groupEvenly(pieces, lines).map((line) => line.trim());
      if (cut.every((line) => line.length <= most)) return cut;
    }
    return pieces.map((line) => line.trim()).filter((line) => line !== '');
  };

async function isWav(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0);
  return buffer.toString('latin1', 0, 4) === 'RIFF' && buffer.toString('latin1', 8) === 'WAVE';
}

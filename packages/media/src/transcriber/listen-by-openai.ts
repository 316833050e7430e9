import { openAsBlob } from 'node:fs';
import { ABILITIES, Failure } from '@reverie/contracts';
import { type Ask, transcribePrice } from '@reverie/models';
import { readHeard } from './heard.ts';
import { type Listener, UNKNOWN } from './listener.ts';
import type { Piece } from './piece.ts';
import { baseOf, sameLanguage } from './same-language.ts';
import type { Translate } from './translate.ts';

/** A little less than the stage may be still. Ten minutes of sound on a slow CPU take as long. */
const SECONDS = 880;

/** OpenAI's newer ones know no `verbose_json`: their text comes without times, and nor do they translate. */
const textAlone = (model: string) => /^gpt-.*transcribe/.test(model);

/** Any server that speaks OpenAI's transcriptions. Into English it translates by itself; otherwise `translate` does. */
export const listenByOpenAi = (ask: Ask, model: string, translate: Translate | undefined): Listener => ({
  name: transcribePrice.provider(model),

  async listen(piece, { language, languageOut }, run) {
    const spoken = language === 'auto' ? undefined : baseOf(language);
    const wanted = languageOut !== undefined && spoken !== baseOf(languageOut) ? languageOut : undefined;
    const byItself = wanted !== undefined && baseOf(wanted) === 'en' && !textAlone(model);
    const answer = await send(ask, { model, piece, spoken, intoEnglish: byItself }, run.signal);
    const { language: named, segments } = readHeard(answer, piece, `"${model}"`);
    const heard = {
      language: named ?? spoken ?? UNKNOWN,
      segments,
      provider: transcribePrice.provider(model),
      cost: transcribePrice.cost(model, piece.seconds),
    };
    if (wanted === undefined || byItself || segments.length === 0 || sameLanguage(heard.language, wanted)) return heard;
    if (!translate) throw new Failure('not_configured', `nobody can translate here: ${ABILITIES.translate}`);
    const { provider, cost, ...translated } = await translate(segments, wanted, run);
    return { ...heard, ...translated, provider: `${heard.provider}, ${provider}`, cost: heard.cost + cost };
  },
});

interface Sending {
  model: string;
  piece: Piece;
  spoken: string | undefined;
  intoEnglish: boolean;
}

const send = (ask: Ask, { model, piece, spoken, intoEnglish }: Sending, signal: AbortSignal): Promise<unknown> =>
  ask({ model, seconds: SECONDS }, signal, async (client, signal): Promise<unknown> => {
    // Read from the disk while it is sent.
    const file = new File([await openAsBlob(piece.path)], 'piece.flac', { type: 'audio/flac' });
    const { audio } = client;
    if (intoEnglish) return audio.translations.create({ file, model, response_format: 'verbose_json' }, { signal });
    const from = { file, model, ...(spoken !== undefined && { language: spoken }) };
    return textAlone(model)
      ? audio.transcriptions.create({ ...from, response_format: 'json' }, { signal })
      : audio.transcriptions.create(
          { ...from, response_format: 'verbose_json', timestamp_granularities: ['segment'] },
          { signal },
        );
  });

import { HeardAnswer, type Listener, plain, readHeard, UNKNOWN } from '@reverie/media';
import type { Service, Services } from '@reverie/models';
import { boundedText, readJson } from './service-answer.ts';
import { formOf } from './service-form.ts';
import { byService } from './services.ts';

/** Ten minutes of talk are ten thousand characters; what a service says besides may be ten times as much. */
const MOST_BYTES = 16 * 1024 ** 2;

/** Has a service transcribe, and translate if wished. */
export const listenByService = (service: Service, services: Services): Listener => ({
  name: NAME,

  async listen(piece, { language, languageOut }, run) {
    const body = () => formOf(piece.path, { language_in: language, language_out: languageOut });
    const errand = { service, named: 'AUDIO_TRANSCRIBER_URL', body } as const;
    const { answer, ...done } = await byService(errand, services, run, async (job) => {
      const told = await job.get('transcription', readJson(HeardAnswer, MOST_BYTES));
      if (told.segments || told.text) return { answer: told };
      const text = await job.get('text', (text) => boundedText(text, MOST_BYTES));
      return { answer: { ...told, text: textIn(text) } };
    });
    const { language: named, segments } = readHeard(answer, piece, 'the transcription service');
    const spoken = language === 'auto' ? UNKNOWN : language;
    return { language: named ?? spoken, segments, provider: NAME, cost: 0, ...done };
  },
});

/** What document 004 calls it. */
const NAME = 'audio-transcriber';

/** `/text` may be the bare text, or `{ "text": … }`. */
function textIn(body: string): string {
  try {
    const { text } = JSON.parse(body) as { text?: unknown };
    return typeof text === 'string' ? text : '';
  } catch {
    return plain(body);
  }
}

import { type Answer, type Asked, failing, sending } from './openai-server.ts';

const MOST_BYTES = 25 * 1024 ** 2;
/** What it says, however often. */
const SENTENCES = ['The quick brown fox jumps over the lazy dog.', 'She told me to be quiet.', 'And so I left.'];
const SECONDS = 4;

/** Hears a sentence every four seconds, in Portuguese; how long the recording is it reads in the file itself. */
export const transcriptions: Answer = (asked, response) => answer(asked, 'portuguese')(asked, response);
/** The same in English. */
export const translations: Answer = (asked, response) => answer(asked, 'english')(asked, response);

function answer({ body }: Asked, language: string): Answer {
  const { file, model, response_format = 'json' } = body ?? {};
  if (!Buffer.isBuffer(file?.bytes)) return failing(400, "Missing required parameter: 'file'.");
  if (file.bytes.length > MOST_BYTES) {
    return failing(413, `Maximum content size limit (26214400) exceeded (${file.bytes.length} bytes read)`);
  }
  const seconds = secondsOf(file.bytes);
  if (seconds === undefined) return failing(400, 'Invalid file format.');
  if (seconds < 0.1) return failing(400, 'Audio file is too short. Minimum audio length is 0.1 seconds.');
  if (body.language !== undefined && !/^[a-z]{2,3}$/.test(body.language)) {
    return failing(
      400,
      `Invalid language '${body.language}'. Language parameter must be specified in ISO-639-1 format.`,
    );
  }
  if (/^gpt-/.test(model) && response_format !== 'json') {
    return failing(400, `response_format '${response_format}' is not compatible with model '${model}'.`);
  }
  const segments = Array.from({ length: Math.ceil(seconds / SECONDS) }, (_, id) => ({
    id,
    start: id * SECONDS,
    end: Math.min(seconds, (id + 1) * SECONDS),
    text: ` ${SENTENCES[id % SENTENCES.length]}`,
    avg_logprob: -0.3,
    no_speech_prob: 0.01,
  }));
  const text = segments.map((segment) => segment.text).join('');
  if (response_format === 'json') return sending(200, { text, usage: { type: 'duration', seconds } });
  return sending(200, { task: 'transcribe', language, duration: seconds, text, segments });
}

/** A FLAC begins with how many samples it has, at which rate. */
function secondsOf(flac: Buffer): number | undefined {
  if (flac.toString('latin1', 0, 4) !== 'fLaC') return undefined;
  const rate = flac.readUIntBE(18, 3) >> 4;
  const samples = (flac[21]! & 0x0f) * 2 ** 32 + flac.readUInt32BE(22);
  return samples / rate;
}

import OpenAI from 'openai';
import { asFailure } from './openai-failure.ts';

/** An OpenAI-compatible server and which of its models is asked. */
export interface Provider {
  apiKey: string;
  /** Including the version, as in `https://api.openai.com/v1`. */
  baseUrl?: string | undefined;
  /** What its variables begin with: a failure names the one to look at. */
  named: string;
  model: string;
}

/** One question to the provider: its answer, or one of our failures, within the time given. */
export type Ask = <T>(
  about: { model: string; seconds: number },
  signal: AbortSignal,
  question: (client: OpenAI, signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** A high quality picture in base64 is about 8 MB, a long spoken text as WAV about 15 MB. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The one client. It never retries: the queue does, and knows when. `call` is for those who may think for longer than 300 s. */
export function openAi(settings: Omit<Provider, 'model'>, call: typeof fetch = fetch): Ask {
  const baseURL = settings.baseUrl ?? 'https://api.openai.com/v1';
  const client = new OpenAI({
    apiKey: settings.apiKey,
    baseURL,
    // Otherwise read from the process's environment, which only config.ts may do; `debug` would print whole requests.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    // Followed, a redirect would turn our POST into a GET and could carry a dream to a host nobody configured.
    fetchOptions: { redirect: 'manual' },
    fetch: fetchAtMost(MOST_BYTES, call),
  });
  return async ({ model, seconds }, signal, question) => {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(seconds * 1_000);
    try {
      return await question(client, AbortSignal.any([signal, timeout]));
    } catch (error) {
      signal.throwIfAborted();
      throw asFailure(error, { ...settings, baseURL, model, ...(timeout.aborted ? { seconds } : {}) });
    }
  };
}

/** An answer without end must not fill the worker's memory. */
const fetchAtMost =
  (bytes: number, call: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await call(input, init);
    let left = bytes;
    const counted = response.body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, out) {
          left -= chunk.byteLength;
          if (left < 0) throw new RangeError(`an answer of more than ${bytes} bytes`);
          out.enqueue(chunk);
        },
      }),
    );
    return new Response(counted ?? null, response);
  };

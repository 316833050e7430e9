import { Failure } from '@reverie/contracts';
import { patientFetch } from '@reverie/net';
import { boundedText } from '../../services/service-answer.ts';

/** A model server, and how it is asked. */
export interface ModelServer {
  url: string;
  /** How long it may take for one segment, from the first byte there to the last byte back. */
  seconds: number;
  apiKey: string | undefined;
}

interface Question {
  body: Blob | string;
  headers: Record<string, string>;
}

/** Asks once: whether and when it is asked again is the queue's business. */
export async function askModel(
  server: ModelServer,
  { body, headers }: Question,
  read: (answer: Response) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.timeout(server.seconds * 1000);
  try {
    const answer = await patientFetch(server.url, {
      method: 'POST',
      body,
      headers: { ...headers, ...(server.apiKey !== undefined && { authorization: `Bearer ${server.apiKey}` }) },
      redirect: 'manual',
      signal: AbortSignal.any([signal, limit]),
    });
    if (!answer.ok) throw await refusal(server, answer);
    await read(answer);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof Failure) throw cause;
    const told = limit.aborted
      ? `did not answer within ${server.seconds} s (MODEL_TIMEOUT)`
      : 'gave no whole answer; is MODEL_URL right?';
    throw new Failure('provider_unavailable', `${hostOf(server)} ${told}`, { cause });
  }
}

/** The server said that all is well, and nothing came of it. */
export const nothingPut = (server: ModelServer) =>
  new Failure(
    'provider_nonsense',
    `${hostOf(server)} answered without a word of trouble, but put nothing to output_url`,
  );

/** What a status that is not 2xx means. */
async function refusal(server: ModelServer, answer: Response): Promise<Failure> {
  const { status, headers } = answer;
  const said = (await boundedText(answer, 2_000).catch(() => '')).replace(/\s+/g, ' ').trim().slice(0, 300);
  const told = `${hostOf(server)} answered ${status}${said && `: ${said}`}`;
  const later = { retryAfterSeconds: retryAfter(headers) };
  if (status === 429) return new Failure('provider_limit', told, later);
  if (status >= 500 || status === 408 || status === 425) return new Failure('provider_unavailable', told, later);
  return new Failure('provider_refused', `${told}; check MODEL_URL`);
}

function retryAfter(headers: Headers): number | undefined {
  const given = headers.get('retry-after');
  if (!given) return undefined;
  const seconds = Number.isNaN(Number(given)) ? (Date.parse(given) - Date.now()) / 1_000 : Number(given);
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

/** The host alone: an address may carry a password. */
const hostOf = ({ url }: ModelServer): string => new URL(url).host;

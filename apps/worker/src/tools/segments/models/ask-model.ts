import { Failure } from '@reverie/contracts';
import { patientFetch } from '@reverie/net';
import { hostOf, refusalOf } from '../../services/service-call.ts';

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
    if (!answer.ok) throw await refusalOf(answer, { ...server, named: 'MODEL_URL' });
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

import { Readable } from 'node:stream';
import { Failure } from '@reverie/contracts';
import { patientFetch } from '@reverie/net';

/** What is behind a link that Reverie has made for us, for pods that cannot reach its store. */
export async function byUrl(url: string, signal: AbortSignal): Promise<Readable> {
  const { protocol, host } = new URL(url);
  if (!/^https?:$/.test(protocol)) throw new Failure('source_refused', `input_url is ${protocol} and no http(s) link`);
  const answer = await patientFetch(url, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new Failure('source_unavailable', `${host} of input_url cannot be reached`, { cause });
  });
  if (answer.ok && answer.body) return Readable.fromWeb(answer.body as never);
  const code = [403, 404, 410].includes(answer.status) ? 'source_missing' : 'source_unavailable';
  throw new Failure(code, `${host} of input_url answered ${answer.status} instead of a file`);
}

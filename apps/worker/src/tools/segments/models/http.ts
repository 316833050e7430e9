import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { variable } from '@reverie/contracts';
import { z } from 'zod';
import { readFileTo } from '../../services/service-answer.ts';
import { askModel, type ModelServer, nothingPut } from './ask-model.ts';
import type { ModelInput, OpenModel } from './model.ts';

/** What the environment says about a model server. */
export const httpModelEnvironment = {
  MODEL_URL: variable(
    z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
    'Of MODEL=http: the server that every segment is POSTed to; docs/models.md says what it gets',
  ),
  MODEL_SEND: variable(
    z.enum(['bytes', 'url']).default('bytes'),
    'How it gets a segment: its bytes, or a link to read it from and a link to PUT the result to',
  ),
  MODEL_TIMEOUT: variable(
    z.coerce.number().min(1).max(14_400).default(1_800),
    'How many seconds it may take for one segment',
  ),
  MODEL_API_KEY: variable(z.string().optional(), 'Sent to it as a bearer token, if it wants one', { secret: true }),
};

export type HttpModelEnvironment = z.infer<z.ZodObject<typeof httpModelEnvironment>>;

const MADE = 'by-http.mp4';
/** A server that never stops sending fills no disk: no segment grows by so much. */
const MOST_BYTES = 32 * 2 ** 30;
/** While a server thinks, its own time limit counts and no other. */
const SIGN_OF_LIFE_MS = 5_000;

/** A model on a server elsewhere, perhaps with a GPU. */
export function httpModel({ MODEL_URL, MODEL_SEND, MODEL_TIMEOUT, MODEL_API_KEY }: HttpModelEnvironment): OpenModel {
  if (MODEL_URL === undefined) {
    throw new Error('cannot start: MODEL=http needs MODEL_URL, the address that segments are POSTed to');
  }
  const server: ModelServer = { url: MODEL_URL, seconds: MODEL_TIMEOUT, apiKey: MODEL_API_KEY };
  const send = MODEL_SEND === 'bytes' ? sendBytes : sendLinks;
  return {
    name: 'http',
    async run(input, { path }, { signal, progress }) {
      const alive = setInterval(() => progress(0), SIGN_OF_LIFE_MS);
      try {
        await send(server, input, { path, signal });
      } finally {
        clearInterval(alive);
      }
      return MADE;
    },
  };
}

interface At {
  path: string;
  signal: AbortSignal;
}

async function sendBytes(server: ModelServer, { name, job, index, total, mode }: ModelInput, { path, signal }: At) {
  const question = {
    // Read from the disk while it is sent.
    body: await openAsBlob(join(path, name)),
    headers: {
      'content-type': 'video/mp4',
      'x-job-id': encodeURIComponent(job),
      'x-segment-index': `${index}`,
      'x-total-segments': `${total}`,
      'x-mode': mode,
    },
  };
  await askModel(server, question, readFileTo(join(path, MADE), MOST_BYTES), signal);
}

async function sendLinks(server: ModelServer, { job, index, total, mode, remote }: ModelInput, { signal }: At) {
  const seconds = server.seconds + 60;
  const [input, output] = await Promise.all([remote.link('GET', seconds), remote.link('PUT', seconds)]);
  const told = { job_id: job, segment_index: index, total_segments: total, mode, input_url: input, output_url: output };
  const question = { body: JSON.stringify(told), headers: { 'content-type': 'application/json' } };
  await askModel(server, question, async (answer) => void (await answer.body?.cancel()), signal);
  if (!(await remote.fetchMade(MADE, signal))) throw nothingPut(server);
}

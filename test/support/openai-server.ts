import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { inBase64, vectorOf } from './openai-embeddings.ts';
import { png, wav } from './openai-media.ts';
import { colourOf, pictureUrls } from './openai-pictures.ts';
import { transcriptions, translations } from './openai-transcriptions.ts';

/** A request as it came over the wire. */
export interface Asked {
  path: string;
  authorization: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are whatever the SDK sent
  body: any;
}
export type Answer = (asked: Asked, response: ServerResponse) => void | Promise<void>;

export interface OpenAiServer extends AsyncDisposable {
  baseUrl: string;
  /** The key it takes; any other is a 401. */
  apiKey: string;
  requests: Asked[];
  /** How it answers the next requests, in order; then it behaves again. */
  next(...answers: Answer[]): void;
}

/** Speaks OpenAI's API on a free loopback port, and refuses what OpenAI refuses. The only stand-in for it there is. */
export async function openAiServer(): Promise<OpenAiServer> {
  const apiKey = 'sk-test-0123456789abcdef';
  const requests: Asked[] = [];
  const queued: Answer[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const asked = {
      path,
      authorization: request.headers.authorization,
      body: await bodyOf(request).catch(() => undefined),
    };
    requests.push(asked);
    await (queued.shift() ?? usual(asked, apiKey))(asked, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    apiKey,
    requests,
    next: (...answers) => queued.push(...answers),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** JSON, or the fields of a form; a file among them is `{ name, bytes }`. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const bytes = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined;
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    fields[name] =
      typeof value === 'string' ? value : { name: value.name, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return fields;
}

/** One row an endpoint. */
const ENDPOINTS: Record<string, Answer> = {
  '/v1/chat/completions': chat,
  '/v1/images/generations': images,
  '/v1/audio/speech': speech,
  '/v1/audio/transcriptions': transcriptions,
  '/v1/audio/translations': translations,
  '/v1/embeddings': embeddings,
};

function usual({ path, authorization, body }: Asked, apiKey: string): Answer {
  if (authorization !== `Bearer ${apiKey}`) {
    return failing(401, `Incorrect API key provided: ${authorization?.slice(7)}.`, { code: 'invalid_api_key' });
  }
  const answer = ENDPOINTS[path];
  if (!answer) return failing(404, `Invalid URL (POST ${path})`);
  if (/^no-such/.test(body?.model)) {
    return failing(404, `The model \`${body.model}\` does not exist or you do not have access to it.`, {
      code: 'model_not_found',
    });
  }
  return answer;
}

async function chat(asked: Asked, response: ServerResponse) {
  const colours = await Promise.all(pictureUrls(asked.body.messages).map(colourOf));
  if (colours.includes(undefined)) {
    return failing(400, 'Invalid image data URL.', { code: 'invalid_image_url' })(asked, response);
  }
  const schema = asked.body.response_format?.json_schema;
  const problem = schema?.strict && notStrict(schema.schema);
  if (problem) return failing(400, `Invalid schema for response_format '${schema.name}': ${problem}`)(asked, response);
  return saying(JSON.stringify(REPLIES[schema?.name]?.(asked, colours) ?? {}))(asked, response);
}

/** What a well-behaved model says, by the name of the schema it was given. */
const REPLIES: Record<string, (asked: Asked, colours: (string | undefined)[]) => unknown> = {
  /** What is in a picture depends on its colour, so that frames can be told apart. */
  frame: (_asked, [colour]) => ({
    caption: `A ${colour} picture.`,
    controls: [`${colour} button`],
    text: `It says ${colour}`,
  }),

  translation({ body }) {
    const { into, lines } = JSON.parse(body.messages.at(-1).content);
    return {
      lines: lines.map(({ number, text }: { number: number; text: string }) => ({ number, text: `${text} (${into})` })),
    };
  },

  storyboard({ body }) {
    const { sentences } = JSON.parse(body.messages.at(-1).content);
    const exactly = /exactly (\d+)/.exec(body.messages[0].content)?.[1];
    const most = Number(/between 1 and (\d+)/.exec(body.messages[0].content)?.[1] ?? 12);
    const each = exactly ? 1 : Math.ceil(sentences.length / most);
    const first = sentences.filter((_: unknown, i: number) => i % each === 0);
    return {
      title: 'The Silver Grass',
      scenes: first.map(({ number, text }: { number: number; text: string }) => ({
        from: number,
        prompt: `Seen: ${text}`,
      })),
    };
  },
};

/** Strict mode's two rules that are easiest to break: every object closed, every property required. */
function notStrict(schema: {
  type?: string;
  properties?: object;
  required?: string[];
  additionalProperties?: unknown;
  items?: object;
}): string | undefined {
  if (schema.type === 'array') return notStrict(schema.items ?? {});
  if (schema.type !== 'object') return undefined;
  if (schema.additionalProperties !== false)
    return "'additionalProperties' is required to be supplied and to be false.";
  const missing = Object.keys(schema.properties ?? {}).find((name) => !schema.required?.includes(name));
  if (missing) return `'required' is required to be supplied and to include every key. Missing '${missing}'.`;
  return Object.values(schema.properties ?? {})
    .map(notStrict)
    .find(Boolean);
}

function images(asked: Asked, response: ServerResponse) {
  const { model, response_format, size } = asked.body;
  if (/^(chat)?gpt-image/.test(model) && response_format) {
    return failing(400, "Unknown parameter: 'response_format'.", { code: 'unknown_parameter' })(asked, response);
  }
  const [width, height] = String(size).split('x').map(Number);
  return sending(200, {
    created: 1_700_000_000,
    data: [{ b64_json: png(width! / 8, height! / 8).toString('base64') }],
    usage: {
      input_tokens: 50,
      output_tokens: 1_000,
      total_tokens: 1_050,
      input_tokens_details: { text_tokens: 50, image_tokens: 0 },
    },
  })(asked, response);
}

function embeddings(asked: Asked, response: ServerResponse) {
  const { input, model, dimensions = 64, encoding_format = 'float' } = asked.body;
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0 || texts.length > 2_048 || texts.some((text) => typeof text !== 'string' || text === '')) {
    return failing(400, "'$.input' is invalid.")(asked, response);
  }
  const data = (texts as string[]).map((text, index) => {
    const vector = vectorOf(text, dimensions);
    return { object: 'embedding', index, embedding: encoding_format === 'base64' ? inBase64(vector) : vector };
  });
  const tokens = Math.ceil(texts.join('').length / 4);
  return sending(200, { object: 'list', model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } })(
    asked,
    response,
  );
}

function speech(asked: Asked, response: ServerResponse) {
  const { input, response_format } = asked.body;
  if (input.length > 4_096) return failing(400, 'String should have at most 4096 characters')(asked, response);
  if (response_format !== 'wav') return failing(400, 'this stand-in speaks WAV alone')(asked, response);
  response.writeHead(200, { 'content-type': 'audio/wav' }).end(wav(Math.max(0.6, input.length / 60)));
}

/** A whole JSON answer. */
export const sending =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_asked, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** An error as OpenAI words it. */
export const failing = (
  status: number,
  message: string,
  { code = null, headers = {} }: { code?: string | null; headers?: Record<string, string> } = {},
): Answer => sending(status, { error: { message, type: 'error', param: null, code } }, headers);

/** A chat model that answers exactly this. */
export const saying = (content: string | null, choice: object = {}): Answer =>
  sending(200, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'stand-in',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content, refusal: null }, ...choice }],
    usage: { prompt_tokens: 1_000, completion_tokens: 200, total_tokens: 1_200 },
  });

/** The headers, half an answer, and the end of the connection. */
export const breakingOff: Answer = (_asked, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"choices": [', () => response.destroy());
};

/** The headers at once, a byte now and then, the rest never. */
export const dawdling: Answer = async (_asked, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  while (response.writable && !response.destroyed) {
    response.write(' ');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

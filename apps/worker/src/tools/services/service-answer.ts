import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure, parsedJson } from '@reverie/contracts';
import { z } from 'zod';
import { roomFor } from '../workplace.ts';

/** An answer as text; one without end is cut off. */
export async function boundedText(answer: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of upTo(most, answer)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads an answer in JSON of this shape. */
export const readJson =
  <S extends z.ZodType>(shape: S, most = 1024 ** 2) =>
  async (answer: Response): Promise<z.infer<S>> => {
    const text = await boundedText(answer, most);
    const parsed = shape.safeParse(parsedJson(text));
    if (parsed.success) return parsed.data;
    throw new Failure(
      'provider_nonsense',
      `a service answered ${text.slice(0, 200)}: ${z.prettifyError(parsed.error)}`,
    );
  };

/** Reads an answer into a file. */
export const readFileTo =
  (path: string, most: number) =>
  async (answer: Response): Promise<void> => {
    await pipeline(upTo(most, answer), createWriteStream(path)).catch(roomFor(basename(path)));
  };

async function* upTo(most: number, answer: Response): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > most) throw new Failure('provider_nonsense', `a service answered with more than ${most} bytes`);
    yield chunk;
  }
}

import { Failure, parsedJson } from '@reverie/contracts';
import type { Seen } from '@reverie/pipelines';
import { z } from 'zod';

/** What we ask for. Bounds are not part of it: strict mode knows few of them, and too much is cut, not paid for twice. */
export const VisionAnswer = z.strictObject({
  caption: z.string().describe('What is to be seen, in English, one to three sentences'),
  controls: z
    .array(z.string())
    .describe('The buttons, menus, fields and links on the screen, each by its label; none if it is no screen'),
  text: z.string().describe('What is written in the picture, word for word, line by line; empty if nothing is'),
});

const MOST = { caption: 1_000, controls: 50, control: 200, text: 5_000 };

interface Choice {
  finish_reason: string;
  message: { content: string | null; refusal?: string | null };
}

/** What the model has seen, made fit to be stored and shown. */
export function readVisionAnswer(choice: Choice | undefined): Seen {
  if (choice?.message.refusal || choice?.finish_reason === 'content_filter') {
    const why = onOneLine(choice.message.refusal ?? 'content filter', 300);
    throw new Failure('provider_refused', `the model declined to look at the picture: ${why}`);
  }
  const read = Told.safeParse(parsedJson(choice?.message.content ?? ''));
  if (read.success) return read.data;
  const cut = choice?.finish_reason === 'length' ? ' (cut off: it was too long)' : '';
  const why = z.prettifyError(read.error).slice(0, 500);
  throw new Failure('provider_nonsense', `what the model says of the picture makes no sense${cut}: ${why}`);
}

/** Postgres stores no NUL, and nobody should be shown invisible marks or a text that runs backwards. */
const UNSEEN = /[\p{Cs}\u200b\u202a-\u202e\u2060-\u206f\ufeff]|(?!\n)\p{Cc}/gu;

/** Half a surrogate pair at the cut would be refused by the database. */
const cutTo = (most: number, text: string) => text.slice(0, most).toWellFormed().trim();

const onOneLine = (text: string, most: number) => cutTo(most, text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim());
const inLines = (text: string, most: number) =>
  cutTo(
    most,
    text
      .replace(/\r\n?/g, '\n')
      .replace(UNSEEN, ' ')
      .replace(/[ \t]+/g, ' ')
      .replace(/ ?\n\s*/g, '\n')
      .trim(),
  );

const Told = z.object({
  caption: z
    .string()
    .transform((text) => onOneLine(text, MOST.caption))
    .pipe(z.string().min(1)),
  controls: z.array(z.string()).transform((all) =>
    all
      .map((text) => onOneLine(text, MOST.control))
      .filter((text) => text !== '')
      .slice(0, MOST.controls),
  ),
  text: z.string().transform((text) => inLines(text, MOST.text)),
});

import { Failure, parsedJson } from '@reverie/contracts';
import { tidy } from '@reverie/media';
import { z } from 'zod';

export const MOST_SCENES = 12;

/** What we ask for: where scenes begin and what is seen. The words stay the dreamer's; the model never writes them. */
export const StoryboardAnswer = z.strictObject({
  title: z.string().describe('At most eight words, in the language of the dream'),
  scenes: z.array(
    z.strictObject({
      from: z.int().describe('The number of the sentence this scene begins with; it lasts until the next scene begins'),
      prompt: z.string().describe('What is seen, in English, one to three sentences'),
    }),
  ),
});

interface Choice {
  finish_reason: string;
  message: { content: string | null; refusal?: string | null };
}

interface Asked {
  sentences: number;
  /** A scene of every sentence, because that is how the caller cut it. */
  oneEach: boolean;
}

/** Bounds are checked here and not by the schema we send: strict mode knows few of them, other providers none. */
export function readAnswer(choice: Choice | undefined, asked: Asked): z.infer<typeof StoryboardAnswer> {
  if (choice?.message.refusal || choice?.finish_reason === 'content_filter') {
    throw new Failure(
      'provider_refused',
      `the model declined: ${tidy(choice.message.refusal ?? 'content filter').slice(0, 300)}`,
    );
  }
  const parsed = Checked(asked).safeParse(parsedJson(choice?.message.content ?? ''));
  if (parsed.success) return parsed.data;
  const cut = choice?.finish_reason === 'length' ? ' (cut off: it was too long)' : '';
  throw new Failure(
    'provider_nonsense',
    `the storyboard makes no sense${cut}: ${z.prettifyError(parsed.error).slice(0, 500)}`,
  );
}

/** Printable text on one line, as what comes from a model goes into prompts and onto the screen. */
const Line = (most: number) =>
  z
    .string()
    .transform((text) => tidy(text.replace(/[\p{Cc}\p{Cs}\u200b\u202a-\u202e\u2060-\u206f\ufeff]/gu, ' ')))
    .pipe(z.string().min(1).max(most));

const Checked = ({ sentences, oneEach }: Asked) =>
  z.object({
    title: Line(200),
    scenes: z
      .array(z.object({ from: z.int().min(1).max(sentences), prompt: Line(1_500) }))
      .min(oneEach ? sentences : 1)
      .max(oneEach ? sentences : MOST_SCENES)
      .refine((scenes) => scenes[0]?.from === 1, 'the first scene must begin with sentence 1')
      .refine(
        (scenes) => scenes.every((scene, i) => i === 0 || scene.from > scenes[i - 1]!.from),
        'scenes must be in order',
      ),
  });

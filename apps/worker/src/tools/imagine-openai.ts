import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@reverie/contracts';
import type { Ask } from '@reverie/models';
import { imagePrice } from '@reverie/models';
import type { Imagine } from '@reverie/pipelines';
import type { Workplace } from './workplace.ts';

/** Sizes that every model of OpenAI's draws; the film crops them to its own. */
const SIZES = { '16:9': '1536x1024', '9:16': '1024x1536', '1:1': '1024x1024' } as const;

/** OpenAI's own always answer in base64 and refuse to be asked; the compatible ones often send a link unless asked. */
const isOpenAis = (model: string) => /^(chat)?gpt-image/.test(model);

/** Lets an image model draw a scene. */
export const openAiImagine = (ask: Ask, model: string, place: Workplace): Imagine => ({
  async picture({ prompt, style, aspect }, { key }, signal) {
    const { data, usage } = await ask({ model, seconds: 170 }, signal, (client, signal) =>
      client.images.generate(
        {
          model,
          prompt: [prompt, style && !prompt.includes(style) && `Style: ${style}.`, 'No text, no lettering.']
            .filter(Boolean)
            .join('\n')
            .slice(0, 4_000),
          size: SIZES[aspect],
          n: 1,
          ...(isOpenAis(model) ? {} : { response_format: 'b64_json' as const }),
        },
        { signal },
      ),
    );
    const drawn = data?.[0];
    if (drawn?.url && !drawn.b64_json) {
      // A link in an answer is never followed: it could lead anywhere.
      throw new Failure('provider_refused', `"${model}" answers with links; choose an image model that sends b64_json`);
    }
    const bytes = Buffer.from(drawn?.b64_json ?? '', 'base64');
    const kind = kindOf(bytes);
    if (!kind) throw new Failure('provider_nonsense', `"${model}" drew something that is no PNG, JPEG or WebP`);
    const name = `drawn.${kind.extension}`;
    await writeFile(join(place.path, name), bytes, { signal });
    return {
      picture: await place.keep(name, { key: key(kind.extension), contentType: kind.contentType }, signal),
      provider: imagePrice.provider(model),
      cost: imagePrice.cost(model, usage && { in: usage.input_tokens, out: usage.output_tokens }),
    };
  },
});

/** What a picture is by its first bytes, whatever it is called. */
function kindOf(bytes: Buffer): { extension: string; contentType: string } | undefined {
  const starts = bytes.toString('latin1', 0, 12);
  if (starts.startsWith('\x89PNG\r\n\x1a\n')) return { extension: 'png', contentType: 'image/png' };
  if (starts.startsWith('\xff\xd8\xff')) return { extension: 'jpg', contentType: 'image/jpeg' };
  if (starts.startsWith('RIFF') && starts.endsWith('WEBP')) return { extension: 'webp', contentType: 'image/webp' };
  return undefined;
}

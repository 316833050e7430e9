import { cutIntoScenes, tidy, wordsOf } from '@reverie/media';
import type { Script } from '@reverie/pipelines';

/** Cuts scenes from the text itself. Every word of it is spoken, and each picture shows what is being said. */
export const offlineScript: Script = {
  async storyboard({ transcript, segments, style, title }) {
    const texts = segments?.map(({ text }) => text) ?? cutIntoScenes(transcript);
    return {
      title: title ?? firstWords(texts[0] ?? transcript),
      scenes: texts.map((text) => ({ text, prompt: style ? `${tidy(text)} Style: ${style}` : tidy(text) })),
      provider: 'offline',
      cost: 0,
    };
  },
};

/** A title for a dream that was given none: how it begins. */
function firstWords(text: string): string {
  const begins = tidy(text);
  const words = wordsOf(begins);
  const last = words.findLast(({ to }, i) => i === 0 || (i < 7 && to <= 42));
  const title = begins.slice(0, Math.min(last?.to ?? 42, 120)).replace(/[\p{P}\s]+$/u, '');
  if (title === '') return begins.slice(0, 42);
  return last === words.at(-1) ? title : `${title}…`;
}

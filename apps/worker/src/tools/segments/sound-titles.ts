import { askFfprobe, type FfprobePlace } from '@reverie/media';
import { z } from 'zod';

const Titled = z.object({
  streams: z.array(z.object({ index: z.int(), tags: z.object({ title: z.string().optional() }).default({}) })),
});

/** No longer than anybody would show. */
const MOST = 200;

/** What the sound tracks of a file are titled, by their index. */
export async function soundTitles(name: string, place: FfprobePlace): Promise<Map<number, string>> {
  const lines: string[] = [];
  const shown = ['-select_streams', 'a', '-show_entries', 'stream=index:stream_tags=title', '-of', 'json'];
  await askFfprobe(name, shown, { ...place, kind: 'source', onLine: (line) => lines.push(line) });
  const { streams } = Titled.parse(JSON.parse(lines.join('\n')));
  return new Map(
    streams.flatMap(({ index, tags: { title } }) => (title ? [[index, title.slice(0, MOST).toWellFormed()]] : [])),
  );
}

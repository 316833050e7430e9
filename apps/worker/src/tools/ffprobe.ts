import { Failure } from '@reverie/contracts';
import { z } from 'zod';
import { guards } from './ffmpeg.ts';
import { run } from './run.ts';

const Seconds = z.coerce.number().optional();
const Probe = z.object({
  format: z.object({ format_name: z.string(), duration: Seconds, size: z.coerce.number().optional() }),
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().default('unknown'),
      width: z.number().optional(),
      height: z.number().optional(),
      pix_fmt: z.string().optional(),
      sample_rate: z.coerce.number().optional(),
      channels: z.number().optional(),
      r_frame_rate: z.string().optional(),
      duration: Seconds,
    }),
  ),
});
export type Probe = z.infer<typeof Probe>;

/** What ffprobe says of a file in the folder. */
export async function ffprobe(
  name: string,
  { ffprobePath, cwd, signal }: { ffprobePath: string; cwd: string; signal: AbortSignal },
): Promise<Probe> {
  const lines: string[] = [];
  // ffprobe does not know -max_pixels: it decodes nothing here.
  const safe = guards('any').slice(0, 4);
  const args = ['-v', 'error', ...safe, '-show_format', '-show_streams', '-of', 'json', `file:${name}`];
  const trace = await run(ffprobePath, args, { cwd, signal, onLine: (line) => lines.push(line) });
  try {
    return Probe.parse(JSON.parse(lines.join('\n')));
  } catch (cause) {
    throw new Failure('media_unreadable', `ffprobe says nothing sensible about ${name}`, { cause, trace });
  }
}

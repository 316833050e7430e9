import { type CommandTrace, Failure } from '@reverie/contracts';
import { z } from 'zod';
import { type FORMATS, guards } from './ffmpeg.ts';
import { run } from './run.ts';

const Seconds = z.coerce.number().optional();
const Probe = z.object({
  format: z.object({
    format_name: z.string(),
    start_time: Seconds,
    duration: Seconds,
    size: z.coerce.number().optional(),
    tags: z.record(z.string(), z.string()).default({}),
  }),
  streams: z.array(
    z.object({
      index: z.int(),
      codec_type: z.string().optional(),
      codec_name: z.string().default('unknown'),
      width: z.number().optional(),
      height: z.number().optional(),
      pix_fmt: z.string().optional(),
      sample_aspect_ratio: z.string().optional(),
      field_order: z.string().optional(),
      color_range: z.string().optional(),
      color_space: z.string().optional(),
      color_transfer: z.string().optional(),
      color_primaries: z.string().optional(),
      /** Of what a decoder is told before the first frame; only where `-show_data_hash` asks for it. */
      extradata_hash: z.string().optional(),
      has_b_frames: z.int().default(0),
      sample_rate: z.coerce.number().optional(),
      channels: z.number().optional(),
      r_frame_rate: z.string().optional(),
      avg_frame_rate: z.string().optional(),
      /** What a timestamp counts, in seconds: `1/90000`. */
      time_base: z.string().optional(),
      start_time: Seconds,
      duration: Seconds,
      disposition: z.object({ attached_pic: z.number().default(0), default: z.number().default(0) }).optional(),
      tags: z.object({ title: z.string().optional() }).optional(),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
    }),
  ),
});
export type Probe = z.infer<typeof Probe>;

export interface FfprobePlace {
  ffprobePath: string;
  /** The folder the file is in. */
  cwd: string;
  signal: AbortSignal;
}

/** What ffprobe says of a file in the folder. */
export async function ffprobe(
  name: string,
  place: FfprobePlace & { kind?: keyof typeof FORMATS; options?: readonly string[] },
): Promise<Probe> {
  const lines: string[] = [];
  const args = [...(place.options ?? []), '-show_format', '-show_streams', '-of', 'json'];
  const trace = await askFfprobe(name, args, { ...place, onLine: (line) => lines.push(line) });
  try {
    return Probe.parse(JSON.parse(lines.join('\n')));
  } catch (cause) {
    throw new Failure('media_unreadable', `ffprobe says nothing sensible about ${name}`, { cause, trace });
  }
}

/** ffprobe with its guards, line by line. */
export function askFfprobe(
  name: string,
  args: readonly string[],
  {
    ffprobePath,
    cwd,
    signal,
    kind = 'any',
    onLine,
  }: FfprobePlace & { kind?: keyof typeof FORMATS; onLine(line: string): void },
): Promise<CommandTrace> {
  // ffprobe does not know -max_pixels: it decodes nothing here.
  const safe = guards(kind).slice(0, 4);
  return run(ffprobePath, ['-v', 'error', ...safe, ...args, `file:${name}`], { cwd, signal, onLine });
}

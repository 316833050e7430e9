import { addInput, ffmpeg } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import { backInColour } from './colour.ts';
import { encodedOn } from './encode.ts';
import type { Joint } from './lay-out.ts';
import { look, type Seen } from './look.ts';
import type { SegmentsPlace } from './place.ts';
import { stretch } from './stretch.ts';

/** What must be the same for packets of one file to follow those of another. */
function formOf({ video, probe }: Seen): string {
  const { index, codec_name, width, height, pix_fmt, sample_aspect_ratio, time_base, extradata_hash } = video;
  const shown = [width, height, pix_fmt, sample_aspect_ratio, video.side_data_list];
  return JSON.stringify([index, probe.streams.length, codec_name, time_base, extradata_hash, shown]);
}

/** The parts in one form: as they are where they have one already, otherwise all of them encoded alike. */
export async function inOneForm(joints: readonly Joint[], here: SegmentsPlace, run: Running): Promise<Joint[]> {
  if (new Set(joints.map(formOf)).size === 1) return [...joints];
  const share = 100 / joints.length;
  const alike: Joint[] = [];
  for (const [k, joint] of joints.entries()) {
    const name = `alike-${k}.mp4`;
    await encodeLike(joints[0]!, joint, name, { here, run: stretch(run, k * share, (k + 1) * share) });
    const looking = { ffprobePath: here.ffprobePath, cwd: here.place.path, signal: run.signal };
    alike.push({ ...joint, ...(await look(name, looking)), name });
  }
  return alike;
}

async function encodeLike(
  { video }: Joint,
  joint: Joint,
  output: string,
  { here: { ffmpegPath, place }, run }: { here: SegmentsPlace; run: Running },
) {
  const size = `scale=${video.width}:${video.height}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
  const fit = `${size},pad=ceil(${video.width}/2)*2:ceil(${video.height}/2)*2:-1:-1,setsar=1`;
  await ffmpeg(
    (command) =>
      addInput(command, { name: joint.name, kind: 'source', options: ['-copyts'] })
        .complexFilter(`[0:${joint.video.index}]${fit},${backInColour(joint.video)}[alike]`)
        .output(`file:${output}`)
        .outputOptions('-map', '[alike]', ...encodedOn(video)),
    {
      ffmpegPath,
      cwd: place.path,
      signal: run.signal,
      progress: { seconds: joint.seconds, onPercent: run.progress },
    },
  );
}

import { Failure } from '@reverie/contracts';
import { addInput, ffmpeg } from '@reverie/media';
import { looked } from './odd.ts';

/** A container can be whole and hold nothing but noise: a stretch of it has to come out as picture or sound. */
const SECONDS = '2';

/** Refuses a file of whose beginning nothing can be decoded. */
export async function refuseUndecodable(
  name: string,
  place: { ffmpegPath: string; cwd: string; signal: AbortSignal },
): Promise<void> {
  let reached = 0;
  const onLine = (line: string) => {
    reached = Math.max(reached, Number(/^(?:frame|out_time_us)=(\d+)/.exec(line)?.[1] ?? 0));
  };
  const trace = await ffmpeg(
    (command) =>
      addInput(command, { name, kind: 'source' })
        .output('-')
        .outputOptions('-map', '0:V:0?', '-map', '0:a:0?', '-t', SECONDS, '-f', 'null'),
    { ...place, onLine },
  ).catch(looked);
  if (reached === 0) throw new Failure('media_unreadable', 'neither picture nor sound can be decoded', { trace });
}

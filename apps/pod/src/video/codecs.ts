import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addInput, askFfprobe, ffmpeg } from '@reverie/media';

interface Place {
  ffmpegPath: string;
  ffprobePath: string;
  cwd: string;
  signal: AbortSignal;
}

/** What is in a segment, in the words of RFC 6381: `avc1.64001f,mp4a.40.2`. Players look there before they fetch anything. */
export async function codecsOf(segment: string, place: Place): Promise<string> {
  await ffmpeg(
    (command) =>
      addInput(command, { name: segment, kind: 'source' })
        .output(`file:${FRAME}`)
        .outputOptions('-map', '0:v:0', '-c', 'copy', '-frames:v', '1', '-f', 'h264'),
    place,
  );
  const video = avcCodec(await readFile(join(place.cwd, FRAME)));
  await rm(join(place.cwd, FRAME));
  const profiles: string[] = [];
  const asked = ['-select_streams', 'a:0', '-show_entries', 'stream=profile', '-of', 'csv=p=0'];
  await askFfprobe(segment, asked, { ...place, kind: 'source', onLine: (line) => profiles.push(line) });
  // A transport stream has its streams listed once more, in its program.
  const [profile] = profiles.filter((line) => line.trim() !== '');
  return [video, ...(profile === undefined ? [] : [`mp4a.40.${AAC[profile.trim()] ?? 2}`])].join(',');
}

const FRAME = 'frame.h264';

/** MPEG-4's numbers of ffprobe's names. */
const AAC: Record<string, number> = { Main: 1, LC: 2, SSR: 3, LTP: 4, 'HE-AAC': 5, 'HE-AACv2': 29 };

/** Profile, constraints and level are the three bytes after the head of the sequence parameter set. */
export function avcCodec(annexB: Buffer): string {
  for (let at = annexB.indexOf(START); at >= 0; at = annexB.indexOf(START, at + START.length)) {
    const unit = annexB.subarray(at + START.length);
    if ((unit[0]! & 0x1f) === SEQUENCE_PARAMETERS) return `avc1.${unit.subarray(1, 4).toString('hex')}`;
  }
  return 'avc1.640028'; // none in the first frame: said to be what nearly everything can play
}

const START = Buffer.from([0, 0, 1]);
const SEQUENCE_PARAMETERS = 7;

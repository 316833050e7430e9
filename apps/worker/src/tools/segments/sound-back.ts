import { addInput, audioOf, ffmpeg } from '@reverie/media';
import type { Seen } from './look.ts';
import type { SegmentsPlace } from './place.ts';
import { keptAsTheyAre, soundTracks } from './sound-tracks.ts';

interface Named extends Seen {
  name: string;
}

const WHOLE = 'with-sound.mp4';

/** Most models give back a picture alone: the sound of the segment is put to it again. Says which file is the whole. */
export async function withSoundOf(
  segment: Named,
  made: Named,
  { ffmpegPath, place }: SegmentsPlace,
  signal: AbortSignal,
): Promise<string> {
  const tracks = soundTracks(segment.probe);
  if (tracks.length === 0 || audioOf(made.probe)) return made.name;
  // Each on its own clock: what was heard at the first frame is heard there again.
  const later = (made.start - segment.start).toFixed(6);
  await ffmpeg(
    (command) => {
      addInput(command, { name: segment.name, kind: 'source', options: ['-copyts', '-itsoffset', later] });
      return addInput(command, { name: made.name, kind: 'source' })
        .output(`file:${WHOLE}`)
        .outputOptions('-map', `1:${made.video.index}`, '-c:v', 'copy', ...keptAsTheyAre(tracks));
    },
    { ffmpegPath, cwd: place.path, signal },
  );
  return WHOLE;
}

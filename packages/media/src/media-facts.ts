import type { MediaFacts } from '@reverie/contracts';
import type { Probe } from './ffprobe.ts';

type Stream = Probe['streams'][number];

/** The moving picture. The cover of an album is a picture, too, but nothing to watch. */
export const videoOf = ({ streams }: Probe): Stream | undefined =>
  streams.find(({ codec_type, disposition }) => codec_type === 'video' && disposition?.attached_pic !== 1);

/** The track players would take: the one that says so, otherwise the first. */
export function audioOf({ streams }: Probe): Stream | undefined {
  const tracks = streams.filter(({ codec_type }) => codec_type === 'audio');
  return tracks.find(({ disposition }) => disposition?.default === 1) ?? tracks[0];
}

/** A probe in the product's words. */
export function factsOf(probe: Probe, duration: number): MediaFacts {
  const video = videoOf(probe);
  const audio = audioOf(probe);
  return {
    duration,
    ...(video && {
      video: {
        codec: video.codec_name,
        ...shownSize(video),
        pixelFormat: video.pix_fmt ?? 'unknown',
        fps: framesPerSecond(video),
      },
    }),
    ...(audio && {
      audio: { codec: audio.codec_name, sampleRate: audio.sample_rate ?? 0, channels: audio.channels ?? 0 },
    }),
  };
}

/** A telephone held upright records lying pictures, and beside them that they are to be turned. */
function shownSize({ width = 0, height = 0, side_data_list }: Stream) {
  const rotation = side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const lying = Math.abs(rotation) % 180 === 90;
  return lying ? { width: height, height: width } : { width, height };
}

/** `r_frame_rate` is the finest step between two frames: where the rate varies, up to 90000. The average is then nearer the truth. */
function framesPerSecond({ r_frame_rate, avg_frame_rate }: Stream): number {
  const finest = ratio(r_frame_rate);
  const average = ratio(avg_frame_rate);
  return average > 0 && (finest <= 0 || finest > 1.5 * average) ? average : finest;
}

/** `30000/1001` */
function ratio(text = '0'): number {
  const [over = 0, under = 1] = text.split('/').map(Number);
  return under > 0 ? over / under : 0;
}

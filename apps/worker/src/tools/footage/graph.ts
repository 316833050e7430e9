import { levelMeter } from '@reverie/media';
import type { Plan } from './plan.ts';
import { perSecond, rateText } from './rate.ts';
import { THUMBNAIL } from './thumbnail.ts';

/** Files in the attempt's folder. */
export const FILES = { source: 'source', video: 'video.mp4', audio: 'audio.flac' } as const;

/**
 * One decode for all: the picture as it is encoded, a thumbnail of each frame of that, the sound as it is encoded and
 * as it is transcribed. What is taken over as it is has only the branch that is looked at.
 */
export function prepareGraph({ video, audio }: Plan): string {
  const { width, height } = video.size;
  const steady = `fps=${rateText(video.rate)}:start_time=0`;
  const scaled = `${steady},scale=${width}:${height}:flags=bicubic,setsar=1,format=yuv420p`;
  const picture = video.copied
    ? `[0:${video.index}]${THUMBNAIL_OF},${steady}[thumbnails]`
    : `[0:${video.index}]${scaled},split[video][seen];[seen]${THUMBNAIL_OF}[thumbnails]`;
  if (!audio) return picture;
  const heard = `[0:${audio.index}]${FROM_THE_BEGINNING}`;
  const sound = audio.copied ? `${heard},${SPEECH}` : `${heard},asplit[sound][heard];[heard]${SPEECH}`;
  return `${picture};${sound}`;
}

/** The quick way down first, so that the careful one, which takes away the grain, has little to do. */
const THUMBNAIL_OF = `scale=320:180:flags=fast_bilinear,scale=${THUMBNAIL.width}:${THUMBNAIL.height}:flags=area,format=yuv420p`;
/** Sound that begins late keeps its time: silence stands before it, and in its gaps. */
const FROM_THE_BEGINNING = 'aresample=async=1:first_pts=0';
/** How loud what is transcribed is, all the way. */
export const METER = levelMeter(16_000);
const SPEECH = `aformat=sample_fmts=s16:sample_rates=16000:channel_layouts=mono,${METER.filters}[speech]`;

/**
 * Of what is only looked at, the frames that no other needs are not decoded, which spares a quarter of the time: their
 * neighbours stand for them. A shot begins with a frame that others need.
 */
export const inputOptions = ({ video }: Plan): string[] =>
  video.copied && video.sparse ? ['-skip_frame', 'noref'] : [];

/** Three outputs of one command; the thumbnails come by the pipe. */
export function prepareOutputs({ video, audio }: Plan): { target: string; options: string[] }[] {
  const picture = video.copied ? ['-map', `0:${video.index}`, '-c:v', 'copy'] : ['-map', '[video]', ...encode(video)];
  const sound = audio?.copied ? ['-map', `0:${audio.index}`, '-c:a', 'copy'] : ['-map', '[sound]', ...SOUND];
  return [
    { target: `file:${FILES.video}`, options: [...picture, ...(audio ? sound : []), ...FOR_THE_WEB] },
    ...(audio ? [{ target: `file:${FILES.audio}`, options: ['-map', '[speech]', '-c:a', 'flac'] }] : []),
    { target: 'pipe:3', options: ['-map', '[thumbnails]', '-c:v', 'rawvideo', '-f', 'rawvideo'] },
  ];
}

const words = (text: string) => text.split(' ');

/** A keyframe at least every two seconds: whoever seeks decodes no more than that. */
const encode = ({ rate }: Plan['video']) => [
  ...words('-c:v libx264 -preset veryfast -crf 22 -profile:v high -pix_fmt yuv420p -g'),
  String(Math.max(1, Math.floor(2 * perSecond(rate)))),
];
const SOUND = words('-c:a aac -b:a 128k -ac 2');
/** Begins to play before it is loaded, and says nothing of where it comes from. */
const FOR_THE_WEB = words('-movflags +faststart -map_metadata -1 -map_chapters -1 -f mp4');

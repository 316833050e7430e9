import { Failure } from '@reverie/contracts';
import type { Probe } from '@reverie/media';
import { audioOf, factsOf, videoOf } from '@reverie/media';
import { isSteady, perSecond, type Rate, targetRate } from './rate.ts';
import { MOST_LINES, type Size, targetSize } from './size.ts';

/** What is to be done with each stream: taken as it is, or encoded to this. `index` is ffmpeg's number of it. */
export interface Plan {
  video: {
    index: number;
    copied: boolean;
    size: Size;
    rate: Rate;
    /** Every second frame at least is needed by others: it can be looked at without those that are not. */
    sparse: boolean;
  };
  audio: { index: number; copied: boolean } | undefined;
}

export function planFor(probe: Probe): Plan {
  const video = videoOf(probe);
  const shown = factsOf(probe, 0).video;
  if (!video || !shown) throw new Failure('media_no_video', 'the file has sound alone; there is nothing to see in it');
  if (shown.width < 1 || shown.height < 1) {
    throw new Failure('media_unreadable', 'ffprobe cannot tell the size of the picture: the file is damaged');
  }
  const turned = rotationOf(video) !== 0;
  const aspect = pixelAspect(video);
  const sideways = shown.width !== video.width;
  const audio = audioOf(probe);
  return {
    video: {
      index: video.index,
      copied: !turned && aspect === 1 && conforms(video, probe.format.format_name),
      size: targetSize(shown, sideways ? 1 / aspect : aspect),
      rate: targetRate(video),
      // B-frames two deep are a pyramid. In a plain row of them three could be gone at once.
      sparse: video.codec_name === 'h264' && video.has_b_frames === 2,
    },
    audio: audio && { index: audio.index, copied: audio.codec_name === 'aac' && fromHere(probe.format.format_name) },
  };
}

type Stream = Probe['streams'][number];

/** Fit for a browser, for seeking and for models just as it is. */
function conforms(video: Stream, format: string): boolean {
  const { codec_name, pix_fmt, width = 0, height = 0, field_order = 'progressive' } = video;
  return (
    fromHere(format) &&
    codec_name === 'h264' &&
    pix_fmt === 'yuv420p' &&
    field_order === 'progressive' &&
    height <= MOST_LINES &&
    width % 2 === 0 &&
    height % 2 === 0 &&
    isSteady(video) &&
    perSecond(targetRate(video)) === perSecond(ownRate(video))
  );
}

const ownRate = (video: Stream): Rate => {
  const [over = 0, under = 1] = (video.r_frame_rate ?? '').split('/').map(Number);
  return { over, under };
};

/** Formats whose packets have times that can be taken over: AVI has none, a transport stream may jump. */
const fromHere = (format: string) => /\b(mp4|matroska)\b/.test(format);

const rotationOf = ({ side_data_list }: Stream) =>
  side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;

/** `0:1` and `N/A` are what ffprobe says of those that do not say. */
function pixelAspect({ sample_aspect_ratio = '1:1' }: Stream): number {
  const [over = 0, under = 0] = sample_aspect_ratio.split(':').map(Number);
  return over > 0 && under > 0 ? over / under : 1;
}

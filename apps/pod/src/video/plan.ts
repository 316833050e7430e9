import { type FfprobePlace, factsOf } from '@reverie/media';
import type { Input } from '../input/look.ts';
import { longestWait } from './keyframes.ts';

/** What is done with the two streams: copied as they are, or encoded. */
export interface Plan {
  copiesVideo: boolean;
  copiesAudio: boolean;
}

/**
 * Copies what every player can play as it is: nothing is lost by it, and it costs nothing. The picture only where its
 * keyframes come at least once a segment; what was put together of several is encoded, or its clock would jump.
 */
export async function planFor(input: Input, segmentSeconds: number, place: FfprobePlace): Promise<Plan> {
  const copiesAudio = !input.jumps && input.sound?.stream.codec_name === 'aac';
  if (input.jumps || !isPlain(input)) return { copiesVideo: false, copiesAudio };
  return { copiesVideo: (await longestWait(input.picture, place)) <= segmentSeconds + SLACK_SECONDS, copiesAudio };
}

/** Six seconds at 29.97 frames are a little more than six. */
const SLACK_SECONDS = 0.1;

/** H.264 as players have known it for fifteen years. A transport stream cannot say that its picture lies on its side. */
function isPlain({ picture: { stream } }: Input): boolean {
  const { codec_name, pix_fmt = '', field_order = 'progressive', side_data_list } = stream;
  const turned = side_data_list.some(({ rotation = 0 }) => rotation !== 0);
  return codec_name === 'h264' && /^yuvj?420p$/.test(pix_fmt) && /^(progressive|unknown)$/.test(field_order) && !turned;
}

const MOST_LINES = 1_080;
const MOST_FRAMES_PER_SECOND = 60;

/** What the picture goes through before it is encoded: whole pairs of pixels as H.264 wants them, and not too much of anything. */
export function pictureFilters({ probe, picture }: Input): string {
  const { width = 2, height = 2, fps = 25 } = factsOf(probe, 0).video ?? {};
  const share = Math.min(1, MOST_LINES / Math.min(width, height));
  const even = (pixels: number) => Math.max(2, 2 * Math.round((pixels * share) / 2));
  const interlaced = /^(tt|bb|tb|bt)$/.test(picture.stream.field_order ?? '');
  return [
    ...(interlaced ? ['bwdif'] : []),
    ...(fps > MOST_FRAMES_PER_SECOND ? [`fps=${MOST_FRAMES_PER_SECOND}`] : []),
    `scale=${even(width)}:${even(height)}`,
    'format=yuv420p',
  ].join(',');
}

import { Failure } from '@reverie/contracts';
import type { Probe } from '@reverie/media';
import { audioOf, factsOf, isRefused, videoOf } from '@reverie/media';
import { forbidden } from './disguise.ts';

export const MOST_STREAMS = 16;
const MOST_PIXELS_A_SIDE = 8_192;
/** The fastest cameras people have at home make 960. */
const MOST_FRAMES_PER_SECOND = 1_000;

/** Refuses what would cost more than any recording is worth, and what is none. */
export function refuseOdd(probe: Probe): void {
  const { video } = factsOf(probe, 0);
  if (!videoOf(probe) && !audioOf(probe)) {
    throw new Failure('media_unreadable', 'the file has neither picture nor sound');
  }
  if (probe.streams.length > MOST_STREAMS) throw tooManyStreams(probe.streams.length);
  if (!video) return;
  const { width, height, fps } = video;
  if (Math.max(width, height) > MOST_PIXELS_A_SIDE) {
    const most = `${MOST_PIXELS_A_SIDE}×${MOST_PIXELS_A_SIDE}`;
    throw new Failure('media_forbidden', `the picture has ${width}×${height} pixels, and the most is ${most}`);
  }
  if (fps > MOST_FRAMES_PER_SECOND) {
    const told = `the file claims ${Math.round(fps)} frames a second, and the most is ${MOST_FRAMES_PER_SECOND}`;
    throw new Failure('media_forbidden', told);
  }
}

/** What names other files, by ffmpeg's names. */
const LISTS =
  /^(hls|applehttp|dash|concat|concatf|sdp|rtsp|rtp|imf|image2|mov_ref|webm_dash_manifest|vapoursynth|lavfi)$/;

/** For `.catch` of ffprobe and ffmpeg: what they refuse is a bad file, not a bad ffprobe. */
export function looked(error: unknown): never {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    throw new Failure('media_unreadable', 'the beginning of the file keeps ffmpeg busy for too long', { cause: error });
  }
  if (!isRefused(error)) throw error;
  const { trace } = error;
  const log = trace?.log ?? '';
  const format = /^\[(\S+) @ [^\]]+\] Format not on whitelist/m.exec(log)?.[1];
  if (format && LISTS.test(format)) throw forbidden(`a list (${format})`);
  if (/max_streams/.test(log)) throw tooManyStreams();
  const about = { cause: error, trace };
  if (format) throw new Failure('media_unreadable', `the file is ${format}, which is no recording`, about);
  if (/moov atom not found|ended prematurely|partial file/.test(log)) {
    throw new Failure('media_truncated', 'the file was cut short: a part it cannot be read without is missing', about);
  }
  throw new Failure('media_unreadable', 'the file is no recording that ffmpeg can read', about);
}

const tooManyStreams = (there?: number) =>
  new Failure('media_forbidden', `the file has ${there ?? 'too many'} streams, and the most is ${MOST_STREAMS}`);

/** A film made with ffmpeg, and what is to be expected when it is cut. */
export interface SegmentFilm {
  name: string;
  file: string;
  /** Arguments of ffmpeg before the file's name. */
  args: readonly string[];
  /** Another film it is made of. */
  of?: SegmentFilm;
  /** A player is to turn it by a quarter. */
  turned?: boolean;
  /** Seconds of a segment; 1 where nothing is said. */
  wish?: number;
  parts: number;
  tracks: number;
  /** Every frame has to be encoded again. */
  again?: boolean;
  /** Its sound has to be encoded again. */
  newSound?: boolean;
  /** Pixels that both can be compared in. */
  pixels?: string;
}

/** A picture in which no frame is like another. */
const picture = (rate: string, seconds: number, size = '128x72') => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`],
];
/** A tone that rises: no moment of it is like another. */
const tone = (seconds: number, rate = 44_100) => [
  ...['-f', 'lavfi', '-i', `aevalsrc=0.3*sin(2*PI*t*(200+40*t)):s=${rate}:d=${seconds}`],
];
const h264 = (...more: string[]) => ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', ...more];
const later = (seconds: number) => ['-itsoffset', `${seconds}`];
/** Frames are missing here and there, and those that are left keep their times. */
const UNSTEADY = [
  ...['-vf', "select='not(between(mod(n,30),3,9))*not(eq(mod(n,7),3))'"],
  ...['-fps_mode', 'passthrough', '-enc_time_base', '1/90000'],
];
const aac = ['-c:a', 'aac'];

const plain: SegmentFilm = {
  name: 'B-frames, AAC, and one frame that is left over',
  file: 'plain.mp4',
  args: [...picture('25', 3.04), ...tone(3.1), ...h264('-g', '25', '-bf', '3'), ...aac],
  parts: 4,
  tracks: 1,
};

/** What people have, and what is hard about it. */
export const FILMS: SegmentFilm[] = [
  plain,
  {
    name: 'no sound, 23.976 frames a second',
    file: 'silent.mkv',
    args: [...picture('24000/1001', 3), ...h264('-g', '24')],
    parts: 3,
    tracks: 0,
  },
  {
    name: 'three tracks of sound that begin at different times',
    file: 'tongues.mp4',
    args: [
      ...[...picture('25', 3), ...tone(3), ...later(0.5), ...tone(2.5, 48_000), ...later(1.25), ...tone(2, 22_050)],
      ...[...h264('-g', '25'), '-map', '0:v', '-map', '1:a', '-map', '2:a', '-map', '3:a'],
      ...['-c:a:0', 'aac', '-c:a:1', 'flac', '-c:a:2', 'alac', '-strict', 'experimental'],
    ],
    parts: 3,
    tracks: 3,
  },
  {
    name: 'an unsteady rate',
    file: 'unsteady.mp4',
    args: [...picture('30', 4), ...tone(4), ...UNSTEADY, ...h264('-g', '12'), ...aac],
    parts: 4,
    tracks: 1,
  },
  {
    name: 'one keyframe in the whole file, and sound that begins before the picture',
    file: 'one-key.mp4',
    args: [
      ...[
        ...later(0.3),
        ...picture('10', 16),
        ...tone(16),
        ...h264('-g', '9999', '-sc_threshold', '0', '-fps_mode', 'passthrough'),
        ...aac,
      ],
    ],
    wish: 4,
    parts: 4,
    tracks: 1,
    again: true,
  },
  {
    name: 'a transport stream that begins at 1.4 s',
    file: 'broadcast.ts',
    args: [...picture('25', 3), ...tone(3, 48_000), ...h264('-g', '25', '-bf', '2'), ...aac],
    parts: 3,
    tracks: 1,
  },
  {
    name: 'an edit list that hides what is before its beginning',
    file: 'trimmed.mp4',
    of: plain,
    args: ['-ss', '1.3', '-i', 'plain.mp4', '-c', 'copy'],
    parts: 2,
    tracks: 1,
    again: true,
  },
  {
    name: 'pictures that are to be turned',
    file: 'turned.mp4',
    of: plain,
    args: ['-i', 'plain.mp4', '-c', 'copy'],
    turned: true,
    parts: 4,
    tracks: 1,
  },
  {
    name: 'VP9 and Opus in WebM, 59.94 frames a second',
    file: 'web.webm',
    args: [
      ...[...picture('60000/1001', 3), ...tone(3, 48_000), '-c:v', 'libvpx-vp9', '-deadline', 'realtime'],
      ...['-cpu-used', '8', '-g', '60', '-c:a', 'libopus'],
    ],
    parts: 3,
    tracks: 1,
  },
];

/** The rest of what there is. */
export const RARE_FILMS: SegmentFilm[] = [
  {
    name: '12.5 frames a second, AC-3',
    file: 'old.mp4',
    args: [...picture('25/2', 4), ...tone(4), ...h264('-g', '13'), '-c:a', 'ac3'],
    parts: 4,
    tracks: 1,
  },
  {
    name: '59.94 frames a second, MP3',
    file: 'sport.mp4',
    args: [...picture('60000/1001', 3), ...tone(3), ...h264('-g', '60'), '-c:a', 'libmp3lame'],
    parts: 3,
    tracks: 1,
  },
  {
    name: 'open groups of pictures',
    file: 'open.mkv',
    args: [
      ...[...picture('25', 20), ...tone(20), ...aac],
      ...h264('-x264-params', 'open-gop=1:scenecut=0:keyint=20:min-keyint=20:bframes=3:b-adapt=0'),
    ],
    wish: 4,
    parts: 5,
    tracks: 1,
    again: true,
  },
  {
    name: 'HEVC',
    file: 'hevc.mp4',
    args: [
      ...[...picture('25', 3), ...tone(3), '-c:v', 'libx265', '-preset', 'ultrafast', ...aac],
      ...['-x265-params', 'log-level=none:keyint=25:open-gop=0'],
    ],
    parts: 3,
    tracks: 1,
  },
  {
    name: 'HEVC with open groups',
    file: 'hevc-open.mp4',
    args: [
      ...[...picture('25', 3), '-c:v', 'libx265', '-preset', 'ultrafast'],
      ...['-x265-params', 'log-level=none:keyint=25:open-gop=1:bframes=3'],
    ],
    parts: 3,
    tracks: 0,
  },
  {
    name: 'VP8 and Vorbis',
    file: 'vp8.webm',
    args: [
      ...[...picture('25', 3), ...tone(3), '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25'],
      ...['-c:a', 'libvorbis'],
    ],
    parts: 3,
    tracks: 1,
    again: true,
    newSound: true,
  },
  {
    name: 'MPEG-4 in AVI, whose frames have no times',
    file: 'divx.avi',
    args: [...picture('25', 3), ...tone(3), '-c:v', 'mpeg4', '-bf', '2', '-g', '25', '-c:a', 'libmp3lame'],
    parts: 3,
    tracks: 1,
    again: true,
  },
  {
    name: 'MPEG-2 of a broadcaster',
    file: 'mpeg2.ts',
    args: [...picture('25', 3), ...tone(3, 48_000), '-c:v', 'mpeg2video', '-bf', '2', '-g', '12', '-c:a', 'ac3'],
    parts: 1,
    tracks: 1,
  },
  {
    name: 'ProRes of 10 bits and PCM',
    file: 'studio.mov',
    args: [...picture('25', 3), ...tone(3, 48_000), '-c:v', 'prores_ks', '-c:a', 'pcm_s16le'],
    parts: 3,
    tracks: 1,
    again: true,
    newSound: true,
  },
  {
    name: 'a camera’s QuickTime with a timecode track',
    file: 'camera.mov',
    args: [
      ...[...picture('30000/1001', 3), ...tone(3, 48_000), ...h264('-g', '15', '-timecode', '01:00:00;00')],
      ...['-c:a', 'pcm_s16le'],
    ],
    parts: 3,
    tracks: 1,
    newSound: true,
  },
  {
    name: 'the colours of a screen',
    file: 'screen.mkv',
    args: [...picture('10', 3), '-c:v', 'ffv1', '-pix_fmt', 'bgr0'],
    parts: 3,
    tracks: 0,
    again: true,
    pixels: 'rgb24',
  },
  {
    name: 'interlaced',
    file: 'interlaced.mkv',
    args: [...[...picture('25', 3), '-vf', 'setfield=tff,format=yuv420p', '-c:v', 'ffv1', '-field_order', 'tt']],
    parts: 3,
    tracks: 0,
    again: true,
  },
  {
    name: 'an odd size',
    file: 'odd.mkv',
    args: [...picture('25', 3, '131x73'), '-c:v', 'ffv1', '-pix_fmt', 'yuv444p'],
    parts: 3,
    tracks: 0,
    again: true,
  },
  {
    name: 'one keyframe and an unsteady rate',
    file: 'one-key-unsteady.mkv',
    args: [...[...picture('20', 16), ...tone(16), ...UNSTEADY, ...aac], ...h264('-g', '9999', '-sc_threshold', '0')],
    wish: 4,
    parts: 4,
    tracks: 1,
    again: true,
  },
  {
    name: 'pictures that stand still for three of four seconds',
    file: 'still.mp4',
    args: [
      ...[...picture('25', 9), ...tone(9), '-vf', "select='lt(mod(t,4),1)'", '-fps_mode', 'passthrough', ...aac],
      ...h264('-bf', '3', '-force_key_frames', 'expr:gte(t,n_forced*4)', '-sc_threshold', '0'),
    ],
    wish: 4,
    parts: 3,
    tracks: 1,
  },
  { name: 'one frame', file: 'one.mp4', args: [...picture('25', 0.04), ...h264()], parts: 1, tracks: 0 },
  {
    name: 'keyframes that only begin to be one: the picture is refreshed column by column',
    file: 'refreshed.ts',
    args: [...picture('25', 3), ...h264('-g', '25', '-bf', '0', '-x264-params', 'intra-refresh=1')],
    parts: 3,
    tracks: 0,
    again: true,
  },
  {
    name: 'a recording that begins in the middle of an open group',
    file: 'middle.ts',
    args: [
      ...[...picture('25', 4), ...tone(4, 48_000), '-c:a', 'mp2', '-c:v', 'mpeg2video', '-bf', '2', '-g', '12'],
      ...['-bsf:v', "noise=drop='lt(n\\,12)'"],
    ],
    parts: 1,
    tracks: 1,
    newSound: true,
  },
  {
    name: 'FLV',
    file: 'flash.flv',
    args: [...picture('25', 3), ...tone(3), ...h264('-g', '25'), ...aac],
    parts: 3,
    tracks: 1,
  },
];

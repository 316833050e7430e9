import { expect, test } from 'vitest';
import { cuttingRoom } from '../../../../../test/support/cutting-room.ts';

const room = await cuttingRoom();

/** A moving picture at some rate, and a tone that rises: no moment is like another. */
const picture = (rate: string, seconds: number, size = '160x90') => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=${rate}:d=${seconds}`,
];
const tone = (seconds: number, rate = 44_100) => [
  '-f',
  'lavfi',
  '-i',
  `aevalsrc=0.3*sin(2*PI*t*(200+40*t)):s=${rate}:d=${seconds}`,
];
const h264 = (...more: string[]) => ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', ...more];

interface Film {
  name: string;
  file: string;
  args: string[][];
  /** Steps, where one command does not make it: each reads what the one before wrote. */
  then?: (from: string) => string[];
  again?: boolean;
  tracks?: number;
  wish?: number;
  parts?: number;
}

const FILMS: Film[] = [
  {
    name: 'B-frames and AAC, a last segment of one frame',
    file: 'plain.mp4',
    args: [picture('25', 6.04), tone(6.1), h264('-g', '25', '-bf', '3'), ['-c:a', 'aac']],
    tracks: 1,
    parts: 4,
  },
  { name: 'no sound', file: 'silent.mp4', args: [picture('25', 5), h264('-g', '50')], tracks: 0, parts: 3 },
  {
    name: '23.976 frames a second in Matroska',
    file: 'cinema.mkv',
    args: [picture('24000/1001', 6), tone(6, 48_000), h264('-g', '24'), ['-c:a', 'libopus']],
    tracks: 1,
  },
  {
    name: '59.94 frames a second',
    file: 'sport.mp4',
    args: [picture('60000/1001', 5), tone(5), h264('-g', '60'), ['-c:a', 'libmp3lame']],
    tracks: 1,
  },
  {
    name: '12.5 frames a second',
    file: 'old.mp4',
    args: [picture('25/2', 6), tone(6), h264('-g', '13'), ['-c:a', 'ac3']],
    tracks: 1,
  },
  {
    name: 'three tracks of sound that begin at different times',
    file: 'tongues.mp4',
    args: [
      picture('25', 6),
      tone(6),
      ['-itsoffset', '0.5'],
      tone(5, 48_000),
      ['-itsoffset', '1.25'],
      tone(4, 22_050),
      h264('-g', '25'),
      ['-map', '0:v', '-map', '1:a', '-map', '2:a', '-map', '3:a', '-c:a:0', 'aac', '-c:a:1', 'flac', '-c:a:2', 'alac'],
    ],
    tracks: 3,
  },
  {
    name: 'an unsteady rate',
    file: 'unsteady.mp4',
    args: [
      picture('30', 6),
      tone(6),
      [
        '-vf',
        "select='not(between(mod(n,30),3,9))*not(eq(mod(n,7),3))'",
        '-fps_mode',
        'passthrough',
        '-enc_time_base',
        '1/90000',
      ],
      h264('-g', '12'),
      ['-c:a', 'aac'],
    ],
    tracks: 1,
  },
  {
    name: 'open groups of pictures',
    file: 'open.mkv',
    args: [
      picture('25', 8),
      tone(8),
      h264('-g', '20', '-bf', '3', '-x264-params', 'open-gop=1:scenecut=0:keyint=20:min-keyint=20'),
      ['-c:a', 'aac'],
    ],
    tracks: 1,
    again: undefined as never,
  },
  {
    name: 'one keyframe in 16 s',
    file: 'one-key.mp4',
    args: [picture('10', 16), tone(16), h264('-g', '9999', '-sc_threshold', '0'), ['-c:a', 'aac']],
    tracks: 1,
    again: true,
    parts: 8,
  },
  {
    name: 'one keyframe, an unsteady rate',
    file: 'one-key-unsteady.mkv',
    args: [
      picture('20', 16),
      tone(16),
      ['-vf', "select='not(between(mod(n,30),3,9))'", '-fps_mode', 'passthrough'],
      h264('-g', '9999', '-sc_threshold', '0'),
      ['-c:a', 'aac'],
    ],
    tracks: 1,
    again: true,
  },
  {
    name: 'a transport stream that begins at 1.4 s',
    file: 'broadcast.ts',
    args: [picture('25', 6), tone(6, 48_000), h264('-g', '25', '-bf', '2'), ['-c:a', 'mp2']],
    tracks: 1,
  },
  {
    name: 'a transport stream with AAC',
    file: 'adts.ts',
    args: [picture('25', 6), tone(6, 48_000), h264('-g', '25', '-bf', '2'), ['-c:a', 'aac']],
    tracks: 1,
  },
  {
    name: 'sound that begins 0.7 s after the picture',
    file: 'late-sound.mp4',
    args: [picture('25', 6), ['-itsoffset', '0.7'], tone(5), h264('-g', '25'), ['-c:a', 'aac']],
    tracks: 1,
  },
  {
    name: 'sound that begins 0.9 s before the picture',
    file: 'early-sound.mp4',
    args: [['-itsoffset', '0.9'], picture('25', 5), tone(6), h264('-g', '25'), ['-c:a', 'aac']],
    tracks: 1,
  },
  {
    name: 'an edit list that hides what is before its beginning',
    file: 'trimmed.mp4',
    args: [['-ss', '1.3', '-i', 'plain.mp4', '-c', 'copy']],
    tracks: 1,
    again: true,
  },
  {
    name: 'pictures to be turned',
    file: 'turned.mp4',
    args: [['-display_rotation', '90', '-i', 'plain.mp4', '-c', 'copy']],
    tracks: 1,
  },
  {
    name: 'HEVC',
    file: 'hevc.mp4',
    args: [
      picture('25', 5),
      tone(5),
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:keyint=25:open-gop=0', '-c:a', 'aac'],
    ],
    tracks: 1,
  },
  {
    name: 'VP9 and Opus in WebM',
    file: 'web.webm',
    args: [
      picture('25', 5),
      tone(5, 48_000),
      ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-c:a', 'libopus'],
    ],
    tracks: 1,
  },
  {
    name: 'VP8 and Vorbis',
    file: 'vp8.webm',
    args: [
      picture('25', 5),
      tone(5),
      ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25', '-c:a', 'libvorbis'],
    ],
    tracks: 1,
    again: true,
  },
  {
    name: 'MPEG-4 in AVI',
    file: 'divx.avi',
    args: [picture('25', 5), tone(5), ['-c:v', 'mpeg4', '-bf', '2', '-g', '25', '-c:a', 'libmp3lame']],
    tracks: 1,
    again: undefined as never,
  },
  {
    name: 'MPEG-2 of a broadcaster',
    file: 'mpeg2.ts',
    args: [picture('25', 5), tone(5, 48_000), ['-c:v', 'mpeg2video', '-bf', '2', '-g', '12', '-c:a', 'mp2']],
    tracks: 1,
    again: undefined as never,
  },
  {
    name: '10 bits of 4:2:2',
    file: 'studio.mov',
    args: [picture('25', 5), tone(5, 48_000), ['-c:v', 'prores_ks', '-c:a', 'pcm_s16le']],
    tracks: 1,
    again: true,
  },
  {
    name: 'colours of a screen',
    file: 'screen.mkv',
    args: [picture('10', 5), h264(), ['-c:v', 'ffv1', '-pix_fmt', 'gbrp']],
    tracks: 0,
    again: true,
  },
  {
    name: 'interlaced',
    file: 'interlaced.mkv',
    args: [picture('25', 5), ['-vf', 'setfield=tff,format=yuv420p', '-c:v', 'ffv1', '-field_order', 'tt']],
    tracks: 0,
    again: true,
  },
  {
    name: 'odd size',
    file: 'odd.mkv',
    args: [picture('25', 5, '161x91'), ['-c:v', 'ffv1', '-pix_fmt', 'yuv444p']],
    tracks: 0,
    again: true,
  },
  { name: 'one frame', file: 'one.mp4', args: [picture('25', 0.04), h264()], tracks: 0, parts: 1 },
  {
    name: 'a refresh that walks through the picture',
    file: 'walking.ts',
    args: [picture('25', 6), h264('-g', '25', '-x264-params', 'intra-refresh=1')],
    tracks: 0,
    again: true,
  },
  {
    name: 'QuickTime with timecode',
    file: 'camera.mov',
    args: [
      picture('30000/1001', 5),
      tone(5, 48_000),
      h264('-g', '15', '-timecode', '01:00:00;00'),
      ['-c:a', 'pcm_s16le'],
    ],
    tracks: 1,
  },
  { name: 'FLV', file: 'flash.flv', args: [picture('25', 5), tone(5), h264('-g', '25'), ['-c:a', 'aac']], tracks: 1 },
];

const LOSSY = /mov$|vp8|mpeg2|broadcast/;

test.each(FILMS)(
  '$name: the same frames at the same times, the same sound',
  async ({ file, args, again, tracks, parts, wish = 2 }) => {
    const order = args.flat().includes('-i') ? args : args;
    const inputs = order.filter((a) => a.includes('-i') || a[0] === '-itsoffset').flat();
    const outputs = order.filter((a) => !(a.includes('-i') || a[0] === '-itsoffset')).flat();
    await room.ff(...inputs, ...outputs, file);
    const source = `${room.root}/${file}`;
    const cut = await room.cut(file, wish).catch((e) => {
      console.log(e.message, e.trace);
      throw e;
    });
    const { path } = await room.through(cut).catch((e) => {
      console.log(e.message, e.trace);
      throw e;
    });
    const [was, is] = [
      await room.frames(source, ...(/screen/.test(file) ? ['-pix_fmt', 'rgb24'] : [])),
      await room.frames(path, ...(/screen/.test(file) ? ['-pix_fmt', 'rgb24'] : [])),
    ];
    const [wasAt, isAt] = [await room.times(source), await room.times(path)];
    console.log(
      file,
      JSON.stringify(cut.segments.map((s) => [s.frames, s.seconds])),
      cut.late,
      cut.reencoded,
      was.length,
      is.length,
      JSON.stringify(wasAt),
      JSON.stringify(isAt),
    );
    expect.soft(is.map(({ hash }) => hash)).toEqual(was.map(({ hash }) => hash));
    const off = is.map(({ at }, i) => Math.abs(at - is[0]!.at - (was[i]?.at ?? NaN) + was[0]!.at));
    expect.soft(Math.max(...off)).toBeLessThan(2 / 90_000);
    if (again !== undefined) expect.soft(cut.reencoded).toBe(again);
    if (parts) expect.soft(cut.segments.length).toBe(parts);
    const frame = (was.at(-1)!.at - was[0]!.at) / Math.max(1, was.length - 1);
    expect.soft(Math.abs(isAt.duration - wasAt.duration)).toBeLessThan(frame || 0.05);
    const heard = await room.heard(path);
    expect.soft(heard.length).toBe(tracks);
    const original = await room.heard(source);
    heard.forEach((track, i) => {
      const o = original[i]!;
      const head = track.samples.subarray(4096 * 4, 4096 * 4 + 4096);
      const skip = o.samples.indexOf(head) - 4096 * 4;
      const bytes = isAt.streams[i + 1]!.channels * 2 * isAt.streams[i + 1]!.rate;
      const a = o.samples.subarray(Math.max(0, skip)),
        b = track.samples.subarray(Math.max(0, -skip));
      const n = Math.min(a.length, b.length);
      const same = a.subarray(0, n).equals(b.subarray(0, n));
      const more = b.length - a.length;
      const off = track.at - is[0]!.at - (o.at + skip / bytes - was[0]!.at);
      console.log(file, 'sound', i, 'skip', skip, 'more', more, 'same', same, 'off', off);
      if (!LOSSY.test(file)) expect.soft(same).toBe(true);
      expect.soft(Math.abs(more)).toBeLessThan(2 * 2880);
      if (!LOSSY.test(file)) expect.soft(Math.abs(off)).toBeLessThan(0.001);
    });
  },
);

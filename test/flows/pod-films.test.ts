import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PodManifest, PodRun } from '@reverie/contracts';
import { ffprobe } from '@reverie/media';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ffmpegForTests } from '../support/ffmpeg.ts';
import { FPS, frameHashes, MARKS, type MarkedFilms, markedFilms, marksIn, SECONDS } from '../support/marked-film.ts';
import { type ReferencePod, referencePod, wishFor } from '../support/reference-pod.ts';

let pod: ReferencePod;
let films: MarkedFilms;
beforeAll(async () => {
  pod = await referencePod();
  films = await markedFilms(join(pod.store, 'films'));
});
afterAll(() => pod[Symbol.asyncDispose]());

const HLS = ['-f', 'hls', '-hls_time', '2', '-hls_playlist_type', 'vod'];
const copied = (...to: string[]) => films.ffmpeg('-i', 'film.mp4', '-c', 'copy', ...to);
const into = async (folder: string) => {
  await mkdir(join(films.dir, folder));
  return folder;
};
const write = (name: string, ...lines: string[]) => writeFile(join(films.dir, name), lines.join('\n'));

interface Kind {
  make(): Promise<string>;
  /** The picture goes through as it is. */
  copied: boolean;
  /** How much later the sound is than the picture. */
  late?: number;
}

const KINDS: Record<string, Kind> = {
  'MP4 with B-frames': { copied: true, make: async () => 'film.mp4' },
  'HLS of transport streams, by its master playlist': {
    copied: true,
    async make() {
      const dir = await into('ts');
      await copied(...HLS, '-hls_segment_filename', `${dir}/s%d.ts`, `${dir}/index.m3u8`);
      const low = '#EXT-X-STREAM-INF:BANDWIDTH=1000,RESOLUTION=16x16,CODECS="avc1.4d401e,mp4a.40.2"\nnothing.m3u8';
      await write(
        `${dir}/master.m3u8`,
        '#EXTM3U',
        low,
        '#EXT-X-STREAM-INF:BANDWIDTH=2000,RESOLUTION=320x180',
        'index.m3u8',
      );
      return `${dir}/master.m3u8`;
    },
  },
  'HLS whose clock begins anywhere': {
    copied: true,
    async make() {
      const dir = await into('odd');
      // Six seconds before the clock of a transport stream begins again at 0.
      const late = ['-output_ts_offset', String(2 ** 33 / 90_000 - 6)];
      await copied(...late, ...HLS, '-hls_segment_filename', `${dir}/s%d.ts`, `${dir}/index.m3u8`);
      return `${dir}/index.m3u8`;
    },
  },
  'HLS of fragmented MP4, by ranges of one file': {
    copied: true,
    async make() {
      const dir = await into('ranges');
      const one = ['-hls_segment_type', 'fmp4', '-hls_flags', 'single_file', '-hls_segment_filename', `${dir}/all.mp4`];
      await copied(...HLS, ...one, `${dir}/index.m3u8`);
      expect(await readFile(join(films.dir, dir, 'index.m3u8'), 'utf8')).toMatch(/EXT-X-MAP[\s\S]*EXT-X-BYTERANGE/);
      return `${dir}/index.m3u8`;
    },
  },
  'HLS whose sound is apart and begins late, by absolute paths in the bucket': {
    copied: true,
    late: 0.7,
    async make() {
      const dir = await into('apart');
      const streams = ['-var_stream_map', 'v:0,agroup:a a:0,agroup:a,language:en,default:yes'];
      await films.ffmpeg(
        ...['-i', 'film.mp4', '-itsoffset', '0.7', '-i', 'film.mp4', '-map', '0:v', '-map', '1:a', '-c', 'copy'],
        ...['-output_ts_offset', '3607.5', ...HLS],
        ...[...streams, '-hls_segment_filename', `${dir}/s%v_%d.ts`, `${dir}/v%v.m3u8`],
      );
      const audio = 'TYPE=AUDIO,GROUP-ID="a",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="/films/apart/v1.m3u8"';
      const video = 'BANDWIDTH=2000,RESOLUTION=320x180,CODECS="avc1.4d401e,mp4a.40.2",AUDIO="a"';
      await write(
        `${dir}/master.m3u8`,
        '#EXTM3U',
        `#EXT-X-MEDIA:${audio}`,
        `#EXT-X-STREAM-INF:${video}`,
        'v0.m3u8?x=1',
      );
      return `${dir}/master.m3u8`;
    },
  },
  'HLS put together of two recordings': {
    copied: false,
    async make() {
      const dir = await into('joined');
      // Each could be copied alone.
      const again = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac'];
      await films.ffmpeg('-i', 'film.mp4', '-t', '4', ...again, `${dir}/a.ts`, '-ss', '4', ...again, `${dir}/b.ts`);
      const list = ['#EXTINF:4,', 'a.ts', '#EXT-X-DISCONTINUITY', '#EXTINF:4,', 'b.ts', '#EXT-X-ENDLIST'];
      await write(`${dir}/index.m3u8`, '#EXTM3U', '#EXT-X-TARGETDURATION:4', ...list);
      return `${dir}/index.m3u8`;
    },
  },
  'a transport stream whose sound begins late': {
    copied: true,
    late: 0.7,
    async make() {
      const late = ['-itsoffset', '0.7', '-i', 'film.mp4', '-map', '0:v', '-map', '1:a'];
      await films.ffmpeg('-i', 'film.mp4', ...late, '-c', 'copy', 'late.ts');
      return 'late.ts';
    },
  },
  'one keyframe in the whole file': {
    copied: false,
    async make() {
      const once = ['-preset', 'ultrafast', '-g', '9999', '-keyint_min', '9999', '-sc_threshold', '0'];
      await films.ffmpeg('-i', 'film.mp4', '-c:v', 'libx264', ...once, '-c:a', 'copy', 'one-key.mp4');
      return 'one-key.mp4';
    },
  },
  'WebM at 24000/1001 frames': {
    copied: false,
    async make() {
      const vp8 = ['-c:v', 'libvpx', '-b:v', '500k', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'];
      await films.make('film.webm', '24000/1001', ...vp8);
      return 'film.webm';
    },
  },
};

describe.each(Object.entries(KINDS))('takes %s', (_name, { make, copied: isCopied, late = 0 }) => {
  let wish: PodRun;
  let manifest: PodManifest;
  beforeAll(async () => {
    wish = wishFor(`films/${await make()}`);
    const { status, body } = await pod.run(wish);
    expect(body).toMatchObject({ status: 'completed', job_id: wish.job_id });
    expect(status).toBe(200);
    manifest = await pod.manifest(wish);
  });

  test('and all that the manifest tells of is there', async () => {
    const out = `out/${wish.job_id}`;
    expect(manifest).toMatchObject({
      ...{ job_id: wish.job_id, provider: 'offline', language: 'und', cues: 2, video_copied: isCopied },
      ...{ subtitle_vtt_url: `${out}/subtitles.vtt`, subtitle_hls_master: `${out}/master.m3u8` },
    });
    expect(manifest.duration).toBeCloseTo(SECONDS, 0);
    const there = await readdir(join(pod.store, out));
    expect([...manifest.files!.map(({ key }) => key.slice(out.length + 1)), 'manifest.json'].sort()).toEqual(
      there.sort(),
    );
    for (const { key, bytes } of manifest.files!) expect((await readFile(join(pod.store, key))).length).toBe(bytes);
  });

  test('and its subtitles are shown when the picture and the sound are at that moment', async () => {
    const vtt = await pod.text(wish, 'subtitles-0000.vtt');
    const zero = Number(/X-TIMESTAMP-MAP=MPEGTS:(\d+),LOCAL:00:00:00.000/.exec(vtt)?.[1]) / 90_000;
    const shown = [...vtt.matchAll(/00:00:([\d.]+) --> 00:00:([\d.]+)\n\[speech/g)].map(([, from]) => Number(from));
    const { white, loud } = await marksIn(await joined(manifest));
    expect(white).toHaveLength(MARKS.length);
    for (const [i, cue] of shown.entries()) {
      // A frame, or what it takes to see that a sound has begun.
      expect(Math.abs(zero + cue - loud[i]!)).toBeLessThan(0.045);
      expect(Math.abs(zero + cue - late - white[i]!)).toBeLessThan(1 / 23 + 0.02);
    }
    const whole = await pod.text(wish, 'subtitles.vtt');
    expect(whole).toMatch(/^WEBVTT\n\nNOTE Nothing was transcribed/);
    expect(whole.match(/\[speech \d, 00:0\d–00:0\d — no transcription configured\]/g)).toHaveLength(2);
  });

  test('and its segments are as long as was wished', async () => {
    const playlist = await pod.text(wish, 'video.m3u8');
    const lengths = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length));
    expect(lengths).toHaveLength(manifest.segments as number);
    for (const length of lengths.slice(0, -1)) expect(Math.abs(length - 2)).toBeLessThan(0.1);
    expect(playlist).toContain('#EXT-X-ENDLIST');
  });

  test.runIf(isCopied)('and not a pixel of it is changed', async () => {
    const frames = await frameHashes(await joined(manifest));
    expect(frames).toHaveLength(SECONDS * FPS);
    expect(frames).toEqual(await frameHashes(films.film));
  });
});

test('a player learns from the master playlist what it needs before it fetches anything', async () => {
  const wish = wishFor('films/film.mp4');
  await pod.run(wish);
  const master = await pod.text(wish, 'master.m3u8');
  expect(master).toMatch(/^#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-INDEPENDENT-SEGMENTS\n/);
  const subtitles = 'TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="Speech \\(not transcribed\\)",LANGUAGE="und"';
  expect(master).toMatch(
    new RegExp(`#EXT-X-MEDIA:${subtitles},DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="subtitles.m3u8"`),
  );
  const [, peak, average, codecs] =
    /BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+),CODECS="([^"]+)",RESOLUTION=320x180,FRAME-RATE=25.000,SUBTITLES="subtitles"\nvideo.m3u8/.exec(
      master,
    ) ?? [];
  expect(codecs).toMatch(/^avc1\.4d[0-9a-f]{4},mp4a\.40\.2$/);
  const { files = [], duration } = await pod.manifest(wish);
  const segments = files.filter(({ key }) => key.endsWith('.ts')).map(({ bytes }) => bytes);
  expect(Number(average)).toBeCloseTo((8 * segments.reduce((a, b) => a + b)) / Number(duration), -1);
  expect(Number(peak)).toBe((8 * Math.max(...segments)) / 2);
});

test('a video without sound has subtitles without cues, and a word about it', async () => {
  await copied('-an', 'silent.mp4');
  const wish = wishFor('films/silent.mp4');
  expect((await pod.run(wish)).body).toMatchObject({ status: 'completed', cues: 0, note: 'The video has no sound.' });
  expect(await pod.text(wish, 'subtitles.vtt')).toBe('WEBVTT\n\nNOTE The video has no sound.\n');
  expect(await pod.text(wish, 'master.m3u8')).toMatch(/CODECS="avc1\.4d[0-9a-f]{4}"/);
  const { ffprobePath } = await ffmpegForTests();
  const look = { ffprobePath, cwd: pod.dir, signal: AbortSignal.timeout(10_000), kind: 'source' } as const;
  const { streams } = await ffprobe(basename(await joined(await pod.manifest(wish))), look);
  expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264']);
});

test('a picture that lies on its side is stood up', async () => {
  await films.ffmpeg('-display_rotation', '90', '-i', 'film.mp4', '-c', 'copy', '-t', '3', 'turned.mp4');
  const wish = wishFor('films/turned.mp4');
  expect((await pod.run(wish)).body).toMatchObject({ video_copied: false });
  expect(await pod.text(wish, 'master.m3u8')).toContain('RESOLUTION=180x320');
});

test('long subtitles come in files of a minute', async () => {
  const long = ['-stream_loop', '8', '-i', 'film.mp4', '-c', 'copy', 'long.mp4'];
  await films.ffmpeg(...long);
  const wish = wishFor('films/long.mp4', { hls_segment: 6 });
  await pod.run(wish);
  const playlist = await pod.text(wish, 'subtitles.m3u8');
  expect([...playlist.matchAll(/#EXTINF:([\d.]+),\n(\S+)/g)].map(([, length, name]) => [Number(length), name])).toEqual(
    [
      [60, 'subtitles-0000.vtt'],
      [expect.closeTo(12, 0), 'subtitles-0001.vtt'],
    ],
  );
  const count = async (name: string) => (await pod.text(wish, name)).match(/-->/g)?.length ?? 0;
  expect(await count('subtitles.vtt')).toBe(18);
  // 15 cues in the first minute; none of them lies over its end.
  expect([await count('subtitles-0000.vtt'), await count('subtitles-0001.vtt')]).toEqual([15, 3]);
});

/** All segments of a run in one file. */
async function joined({ files = [], job_id }: PodManifest): Promise<string> {
  const segments = files.filter(({ key }) => key.endsWith('.ts')).map(({ key }) => readFile(join(pod.store, key)));
  const file = join(pod.dir, `${job_id}.ts`);
  await writeFile(file, Buffer.concat(await Promise.all(segments)));
  return file;
}

import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@reverie/media';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ffmpegForTests } from '../../../../../test/support/ffmpeg.ts';
import { mediaServer } from '../../../../../test/support/media-server.ts';
import { inspect } from './inspect.ts';

const { ffmpegPath, ffprobePath } = await ffmpegForTests();
const signal = AbortSignal.timeout(120_000);
let cwd: string;

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=3'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=d=3'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25'];

const make = (...args: string[]) => run(ffmpegPath, ['-v', 'error', '-nostdin', ...args], { cwd, signal });
const named = (name: string) => join(cwd, name);

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'inspect-'));
  await make(...PICTURE, ...SOUND, ...H264, '-c:a', 'aac', '-movflags', 'faststart', 'film.mp4');
  const copies = ['late.mp4', 'film.mkv', 'film.ts', 'film.flv', 'film.mov'].map((name) =>
    make('-i', 'film.mp4', '-c', 'copy', name),
  );
  const sounds = ['film.wav', 'film.mp3', 'film.flac'].map((name) => make('-i', 'film.mp4', '-vn', name));
  await Promise.all([...copies, ...sounds]);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

/** What is found in a file that comes without a name to go by. */
async function look(name: string, { maxSeconds = 3_600 } = {}) {
  await copyFile(named(name), named('source'));
  return inspect('source', { ffmpegPath, ffprobePath, cwd, signal, maxSeconds, alive() {} });
}
const verdict = (name: string, limits = {}) =>
  look(name, limits).then(
    () => 'fine',
    ({ code, message }) => code ?? message,
  );
const bad = async (bytes: string | Buffer) => {
  await writeFile(named('bad'), bytes);
  return verdict('bad');
};

describe('what is in a recording (E31)', () => {
  test.each([
    ['film.mp4', 'mp4', 'h264', 'aac'],
    ['film.mov', 'mov', 'h264', 'aac'],
    ['film.mkv', 'mkv', 'h264', 'aac'],
    ['film.ts', 'ts', 'h264', 'aac'],
    ['film.flv', 'flv', 'h264', 'aac'],
    ['film.wav', 'wav', undefined, 'pcm_s16le'],
    ['film.mp3', 'mp3', undefined, 'mp3'],
    ['film.flac', 'flac', undefined, 'flac'],
  ])('%s', async (name, extension, video, audio) => {
    const seen = await look(name);
    expect(seen).toMatchObject({ extension, facts: { audio: { codec: audio, sampleRate: 44_100, channels: 1 } } });
    expect(seen.facts.video?.codec).toBe(video);
    if (video) expect(seen.facts.video).toMatchObject({ width: 160, height: 90, fps: 25, pixelFormat: 'yuv420p' });
    expect(Math.abs(seen.facts.duration - 3)).toBeLessThan(0.1);
  });

  test('a live WebM that speaks of no length is measured', async () => {
    const vp8 = ['-s', '64x36', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'];
    await make('-i', 'film.mp4', ...vp8, '-f', 'webm', '-live', '1', 'live.webm');
    const { facts, extension } = await look('live.webm');
    expect(extension).toBe('webm');
    expect(Math.abs(facts.duration - 3)).toBeLessThan(0.1);
  });

  test('bare AAC is measured, not guessed', async () => {
    const rates = ['-f', 'lavfi', '-i', 'anoisesrc=d=1', '-f', 'lavfi', '-i', 'anullsrc=d=5'];
    await make(...rates, '-filter_complex', '[0][1]concat=v=0:a=1', '-c:a', 'aac', 'bare.aac');
    expect(Math.abs((await look('bare.aac')).facts.duration - 6)).toBeLessThan(0.1);
  });

  test('the cover of an album is nothing to watch', async () => {
    await make('-i', 'film.mp4', '-frames:v', '1', '-an', 'cover.png');
    await make(
      '-i',
      'film.mp3',
      '-i',
      'cover.png',
      '-map',
      '0',
      '-map',
      '1',
      '-c',
      'copy',
      '-disposition:v',
      'attached_pic',
      'album.mp3',
    );
    const { facts, extension } = await look('album.mp3');
    expect([extension, facts.video, facts.audio?.codec]).toEqual(['mp3', undefined, 'mp3']);
  });

  test('a picture that is to be turned is as wide as it is shown', async () => {
    await make('-display_rotation', '90', '-i', 'film.mp4', '-c', 'copy', 'upright.mp4');
    expect((await look('upright.mp4')).facts.video).toMatchObject({ width: 90, height: 160 });
  });

  test('a rate that varies is the average, not the finest step', async () => {
    const some = ['-vf', "select='not(mod(n,7))+lt(n,20)*not(mod(n,3))'", '-fps_mode', 'vfr'];
    await make(...PICTURE, ...some, ...H264, 'varies.mp4');
    expect((await look('varies.mp4')).facts.video?.fps).toBeLessThan(8);
  });

  test('sound three times and nothing else, and a picture of one frame and odd size', async () => {
    await make('-i', 'film.mp4', ...SOUND, ...SOUND, '-map', '0:a', '-map', '1', '-map', '2', 'three.mp4');
    expect(await look('three.mp4')).toMatchObject({ extension: 'm4a', facts: { audio: { codec: 'aac' } } });
    const odd = ['-vf', 'scale=65:33', '-pix_fmt', 'yuv444p', '-frames:v', '1', '-an'];
    await make('-i', 'film.mp4', ...odd, ...H264, 'one.mp4');
    expect((await look('one.mp4')).facts).toMatchObject({ duration: 0.04, video: { width: 65, height: 33 } });
  });
});

describe('what is no recording', () => {
  test.each<[string, string | Buffer, string]>([
    ['an empty file', '', 'media_empty'],
    ['a web page', '\n<!DOCTYPE html><html><body>Sign in</body></html>', 'media_unreadable'],
    ['a text', 'Once upon a time', 'media_unreadable'],
    ['subtitles', '1\n00:00:00,000 --> 00:00:01,000\nhello\n', 'media_unreadable'],
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'media_unreadable'],
    ['noise', Buffer.from(Array.from({ length: 50_000 }, (_, n) => (n * n * 31 + (n >> 3)) % 256)), 'media_unreadable'],
  ])('%s', async (_what, bytes, code) => {
    expect(await bad(bytes)).toBe(code);
  });

  test('a still', async () => {
    await make('-i', 'film.mp4', '-frames:v', '1', '-an', 'still.png');
    expect(await verdict('still.png')).toBe('media_unreadable');
  });

  test('a film whose pictures are all noise', async () => {
    const film = await readFile(named('film.mp4'));
    expect(await bad(film.fill(0x5a, film.indexOf('mdat') + 4))).toBe('media_unreadable');
  });

  test('a file with neither picture nor sound', async () => {
    await writeFile(named('said.srt'), '1\n00:00:00,000 --> 00:00:01,000\nhello\n');
    await make('-i', 'said.srt', '-c', 'copy', 'said.mkv');
    expect(await verdict('said.mkv')).toBe('media_unreadable');
  });
});

describe('what was cut short', () => {
  test.each(['film.mp4', 'late.mp4', 'film.mov', 'film.mkv', 'film.flv', 'film.wav', 'film.mp3', 'film.flac'])(
    '%s, in the middle',
    async (name) => {
      const bytes = await readFile(named(name));
      expect(await bad(bytes.subarray(0, bytes.length * 0.6))).toBe('media_truncated');
    },
  );

  test.each(['film.mp4', 'film.mkv', 'film.wav'])('%s, a hundred bytes before its end', async (name) => {
    expect(await bad((await readFile(named(name))).subarray(0, -100))).toBe('media_truncated');
  });

  test('a transport stream is good wherever it ends', async () => {
    const bytes = await readFile(named('film.ts'));
    expect(await bad(bytes.subarray(0, bytes.length * 0.6))).toBe('fine');
  });
});

describe('what costs too much', () => {
  test('longer than there may be', async () => {
    expect(await verdict('film.mp4', { maxSeconds: 2 })).toBe('media_too_long');
  });

  test('more than 16 streams', async () => {
    const maps = Array.from({ length: 17 }, () => ['-map', '0:a']).flat();
    await make('-i', 'film.mp4', ...maps, '-c', 'copy', 'many.mkv');
    expect(await verdict('many.mkv')).toBe('media_forbidden');
  });

  test('a picture wider than 8192', async () => {
    await make('-f', 'lavfi', '-i', 'color=s=8194x16:d=0.1', ...H264, 'wide.mp4');
    expect(await verdict('wide.mp4')).toBe('media_forbidden');
  });

  test('two thousand frames a second', async () => {
    await make(
      ...PICTURE,
      '-frames:v',
      '20',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-vf',
      'setpts=N/2000/TB',
      '-r',
      '2000',
      'rapid.mp4',
    );
    expect(await verdict('rapid.mp4')).toBe('media_forbidden');
  });
});

describe('playlists in disguise: refused, and nothing they name is opened', () => {
  const PLAYLISTS: [string, (address: string, file: string) => string][] = [
    [
      'HLS',
      (at, file) => `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${at}\n#EXTINF:3,\nfile://${file}\n#EXT-X-ENDLIST\n`,
    ],
    ['HLS behind a byte order mark', (at) => `\ufeff#EXTM3U\n#EXTINF:3,\n${at}\n`],
    ['ffconcat', (at, file) => `ffconcat version 1.0\nfile '${file}'\nfile '${at}'\n`],
    ['ffconcat with a byte that is no text', (_at, file) => `ffconcat version 1.0\nfile '${file}'\n# \u0001\n`],
    [
      'SDP',
      () => 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\n',
    ],
    [
      'DASH',
      (at) => `<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${at}</BaseURL></MPD>`,
    ],
    [
      'DASH with a byte that is no text',
      (at) =>
        `<?xml version="1.0"?><!--\u0001-->\n<MPD profiles="urn:mpeg:dash:profile:isoff-live:2011"><BaseURL>${at}</BaseURL></MPD>`,
    ],
    ['PLS', (at) => `[playlist]\nFile1=${at}\n`],
  ];

  test.each(PLAYLISTS)('%s', async (_name, text) => {
    const canary = await mediaServer({ 'film.ts': { bytes: await readFile(named('film.ts')) } });
    const disguised = text(canary.url('film.ts'), named('film.ts'));
    expect(await bad(disguised)).toBe('media_forbidden');
    expect(canary.asked).toEqual([]);
  });
});

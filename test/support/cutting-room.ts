import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact } from '@reverie/contracts';
import { run } from '@reverie/media';
import type { CutVideo, MadeSegment, ModelWish } from '@reverie/pipelines';
import { linkSigner, openStore, type Store } from '@reverie/storage';
import { afterAll } from 'vitest';
import { openScratch } from '../../apps/worker/src/tools/scratch.ts';
import type { OpenModel } from '../../apps/worker/src/tools/segments/models/model.ts';
import { passthrough } from '../../apps/worker/src/tools/segments/models/passthrough.ts';
import { ffmpegSegments } from '../../apps/worker/src/tools/segments/segments.ts';
import { ffmpegForTests } from './ffmpeg.ts';
import type { SegmentFilm } from './segment-films.ts';

const signal = new AbortController().signal;

/** A frame as it is decoded: when it is shown, in seconds, and a hash of its pixels. */
export interface Frame {
  at: number;
  hash: string;
}

/** A sound track as it is decoded. */
export interface Heard {
  at: number;
  rate: number;
  /** Mixed to one channel. */
  samples: Int16Array;
}

export type CuttingRoom = Awaited<ReturnType<typeof cuttingRoom>>;

/** The segment tools with a store of their own, for one file of tests, and an ffmpeg to make films and to look closely. */
export async function cuttingRoom({ model = passthrough, store: given }: { model?: OpenModel; store?: Store } = {}) {
  const { ffmpegPath, ffprobePath } = await ffmpegForTests();
  const root = await mkdtemp(join(tmpdir(), 'cutting-'));
  afterAll(() => rm(root, { recursive: true, force: true }));
  const links = linkSigner({ secret: 's', baseUrl: 'http://x' });
  const store = given ?? openStore({ kind: 'fs', dir: join(root, 'store'), links });
  const inputs = openStore({ kind: 'fs', dir: join(root, 'inputs'), links });
  const scratch = await openScratch({ dir: join(root, 'scratch'), store });
  let attempts = 0;
  const told: number[] = [];
  const running = { signal, progress: (percent: number) => void told.push(percent) };

  const ff = async (...args: readonly string[]) =>
    (await run(ffmpegPath, ['-hide_banner', '-nostdin', '-y', '-v', 'error', ...args], { cwd: root, signal })).log;

  async function lines(program: string, args: string[]): Promise<string[]> {
    const said: string[] = [];
    await run(program, args, { cwd: root, signal, onLine: (line) => said.push(line) });
    return said;
  }

  /** The tools in a folder of their own, as every attempt has one. */
  async function tools(with_: OpenModel = model) {
    const place = await scratch.open('task', ++attempts);
    return ffmpegSegments({ ffmpegPath, ffprobePath, place, store, inputs, model: with_ });
  }

  async function put(file: string, to = store, key = `in/${++attempts}/${file}`): Promise<Artifact> {
    return (await to.put(key, createReadStream(join(root, file)), { contentType: 'video/mp4' }))!;
  }

  const room = {
    ffmpegPath,
    ffprobePath,
    root,
    store,
    inputs,
    told,
    ff,
    put,
    bytes: (artifact: Artifact) => readFile(join(root, 'store', artifact.key)),
    path: (artifact: Artifact) => join(root, 'store', artifact.key),

    /** Makes a film, unless it is there already. Gives its path. */
    async film({ file, args, of, turned }: SegmentFilm): Promise<string> {
      const path = join(root, file);
      if (of) await room.film(of);
      if (existsSync(path)) return path;
      await ff(...args, file);
      if (turned) await turnByAQuarter(path);
      return path;
    },

    /** Cuts a file of the folder. */
    async cut(file: string, seconds: number): Promise<CutVideo> {
      const job = `job-${++attempts}`;
      const key = (index: number, total: number) => `cut/${job}/${index}_${total}.mp4`;
      return (await tools()).cut(await put(file), { seconds }, { key, sound: `cut/${job}/sound.m4a` }, running);
    },

    /** Puts a file of the folder where others put their segments. */
    async upload(key: string, file: string): Promise<string> {
      await inputs.put(key, createReadStream(join(root, file)), { contentType: 'video/mp4' });
      return key;
    },

    /** Runs a model on a stored segment, or on one that was uploaded, by its key. */
    async model(from: Artifact | string, which: Partial<ModelWish> = {}, by = model, stopping = signal) {
      const wish: ModelWish = { mode: 'sbs', job: 'job', index: 0, total: 1, ...which };
      const segment = typeof from === 'string' ? { uploaded: from } : { file: from };
      const out = { key: `made/${++attempts}.mp4` };
      return (await tools(by)).model(segment, wish, out, { ...running, signal: stopping });
    },

    /** All segments of a cut video after their model. */
    async modelled({ segments }: CutVideo, which: Partial<ModelWish> = {}): Promise<MadeSegment[]> {
      const made: MadeSegment[] = [];
      for (const [index, { file, seconds }] of segments.entries()) {
        made.push({ ...(await room.model(file, { ...which, index, total: segments.length })), seconds });
      }
      return made;
    },

    /** All of a cut video through the model, and together again. Gives the path of the whole. */
    async through(cut: CutVideo) {
      return room.join(await room.modelled(cut), cut);
    },

    async join(parts: MadeSegment[], { sound = null as Artifact | null, late = 0 } = {}) {
      const out = { key: `joined/${++attempts}.mp4` };
      const { video, facts } = await (await tools()).join(parts, { sound, late }, out, running);
      return { path: room.path(video), facts };
    },

    /** Every frame that a player would show. */
    async frames(path: string, ...filters: string[]): Promise<Frame[]> {
      const args = ['-i', path, '-map', '0:V:0', '-fps_mode', 'passthrough', '-enc_time_base', '1:90000', ...filters];
      const all = ['-hide_banner', '-nostdin', '-v', 'error', '-copyts', ...args, '-f', 'framemd5', '-'];
      return (await lines(ffmpegPath, all))
        .filter((line) => !line.startsWith('#'))
        .map((line) => line.split(',').map((word) => word.trim()))
        .map(([, , pts, , , hash]) => ({ at: Number(pts) / 90_000, hash: hash! }));
    },

    /** Every sound track as a player gives it: when its first sample is heard, and all of them in 16 bits. */
    async heard(path: string): Promise<Heard[]> {
      const rates = await lines(ffprobePath, [
        ...['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=sample_rate', '-of', 'json', path],
      ]);
      const { streams } = JSON.parse(rates.join('')) as { streams: { sample_rate: string }[] };
      return Promise.all(
        streams.map(async ({ sample_rate }, i) => {
          const chunks: Uint8Array[] = [];
          const said: string[] = [];
          const decoded = ['-v', 'error', '-copyts', '-i', path, '-map', `0:a:${i}`];
          const outputs = [
            '-ac',
            '1',
            '-f',
            's16le',
            'pipe:3',
            '-map',
            `0:a:${i}`,
            '-c:a',
            'pcm_s16le',
            '-f',
            'framecrc',
            '-',
          ];
          await run(ffmpegPath, [...decoded, ...outputs], {
            cwd: root,
            signal,
            onBytes: (chunk) => chunks.push(chunk),
            onLine: (line) => said.push(line),
          });
          const clock = said.find((line) => line.startsWith('#tb'))!.split(' ')[2]!;
          const first = said.find((line) => !line.startsWith('#'))!.split(',')[2];
          const [over, under] = clock.split('/').map(Number);
          const bytes = Buffer.concat(chunks);
          const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
          return { at: (Number(first) * over!) / under!, rate: Number(sample_rate), samples };
        }),
      );
    },

    /** What every sound track is called: its language, its title, the name of its handler, and whether it is the one to begin with. */
    async named(path: string) {
      const shown = 'stream_tags=language,title,handler_name:stream_disposition=default';
      const asked = ['-v', 'error', '-select_streams', 'a', '-show_entries', shown, '-of', 'json', path];
      const { streams } = JSON.parse((await lines(ffprobePath, asked)).join('')) as {
        streams: { tags: Record<string, string>; disposition: { default: number } }[];
      };
      return streams.map(({ tags, disposition }) => ({ ...tags, default: disposition.default === 1 }));
    },

    /** The first frame of a file in RGB, three bytes a pixel. */
    async firstPicture(path: string): Promise<Buffer> {
      const chunks: Uint8Array[] = [];
      const args = ['-v', 'error', '-i', path, '-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:3'];
      await run(ffmpegPath, args, { cwd: root, signal, onBytes: (chunk) => chunks.push(chunk) });
      return Buffer.concat(chunks);
    },

    /** How long the picture of a file lasts. */
    async pictureSeconds(path: string): Promise<number> {
      const asked = ['-v', 'error', '-select_streams', 'V:0', '-show_entries', 'stream=duration', '-of', 'json', path];
      const { streams } = JSON.parse((await lines(ffprobePath, asked)).join('')) as { streams: [{ duration: string }] };
      return Number(streams[0].duration);
    },
  };
  return room;
}

/** Writes into an MP4 what telephones write that were held upright. Versions of ffmpeg do not agree on how to ask for it. */
async function turnByAQuarter(path: string) {
  const bytes = await readFile(path);
  const header = bytes.indexOf('tkhd');
  const quarter = [0, 1, 0, -1, 0, 0, 0, 0, 0x4000];
  // 16.16 fixed point, but the last column 2.30: both begin 40 bytes behind the four of the version.
  quarter.forEach((value, i) => {
    bytes.writeInt32BE(value * 65_536, header + 4 + 40 + 4 * i);
  });
  await writeFile(path, bytes);
}

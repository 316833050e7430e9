import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, Failure } from '@reverie/contracts';
import { addInput, ffmpeg, ffprobe, videoOf } from '@reverie/media';
import type { Running, StillFrame } from '@reverie/pipelines';
import { HASHED_SIDE, type Look, lookOf, looksLike } from './perceptual-hash.ts';
import type { Darkroom } from './prepare.ts';
import { perSecond, targetRate } from './rate.ts';

interface Moment {
  scene: number;
  time: number;
}

/** A command opens the video once for every still: more of them at once would take memory and files. */
const AT_ONCE = 16;
const VIDEO = 'video.mp4';
const pictureOf = (i: number) => `still-${i}.jpg`;
const greyOf = (i: number) => `still-${i}.grey`;

export async function stills(
  { video, moments, key }: { video: Artifact; moments: readonly Moment[]; key(scene: number): string },
  room: Darkroom,
  run: Running,
): Promise<{ frames: StillFrame[]; dropped: number }> {
  const { place } = room;
  await place.fetchTo(video, VIDEO, run.signal, () => run.progress(0));
  const clock = await clockOf(room, run);
  const frames: StillFrame[] = [];
  const kept: Look[] = [];
  for (let from = 0; from < moments.length; from += AT_ONCE) {
    const batch = moments.slice(from, from + AT_ONCE).map(({ scene, time }) => ({ scene, time: clock.nearest(time) }));
    await take(
      batch.map(({ time }) => time - clock.frame / 2),
      room,
      run,
    );
    for (const [i, moment] of batch.entries()) {
      const look = lookOf(await readFile(join(place.path, greyOf(i))));
      if (kept.some((other) => looksLike(other, look))) continue;
      kept.push(look);
      const stored = { key: key(moment.scene), contentType: 'image/jpeg' };
      frames.push({ ...moment, picture: await place.keep(pictureOf(i), stored, run.signal), hash: look.hash });
    }
    run.progress((100 * (from + batch.length)) / moments.length);
  }
  return { frames, dropped: moments.length - frames.length };
}

/** Sound may go on when there is nothing more to see: what is asked for after the last frame is the last frame. */
async function clockOf({ ffprobePath, place }: Darkroom, { signal }: Running) {
  const probe = await ffprobe(VIDEO, { ffprobePath, cwd: place.path, signal });
  const video = videoOf(probe);
  if (!video) throw new Failure('media_no_video', 'there is no picture in the video to take a still of');
  const frame = 1 / perSecond(targetRate(video));
  const first = video.start_time ?? 0;
  const last = first + Math.max(0, (video.duration ?? probe.format.duration ?? 0) - frame);
  return { frame, nearest: (time: number) => Math.min(last, Math.max(first, time)) };
}

/** Each still is an input of its own that begins there: nothing but the frames since the last keyframe is decoded. */
async function take(times: number[], { ffmpegPath, place }: Darkroom, { signal }: Running): Promise<void> {
  for (const i of times.keys()) await rm(join(place.path, pictureOf(i)), { force: true });
  const trace = await ffmpeg(
    (command) => {
      for (const time of times) {
        // One thread: sixteen decoders with one a core would be a crowd.
        const options = ['-threads', '1', '-an', '-ss', Math.max(0, time).toFixed(6)];
        addInput(command, { name: VIDEO, kind: 'any', options });
      }
      command.complexFilter(times.map((_, i) => stillGraph(i)).join(';'));
      for (const i of times.keys()) {
        command.output(`file:${pictureOf(i)}`).outputOptions('-map', `[still${i}]`, ...ONE, ...JPEG);
        command.output(`file:${greyOf(i)}`).outputOptions('-map', `[grey${i}]`, ...ONE, ...GREY);
      }
      return command;
    },
    { ffmpegPath, cwd: place.path, signal },
  );
  for (const i of times.keys()) {
    const made = await stat(join(place.path, pictureOf(i))).catch(() => undefined);
    if (!made?.size) throw new Failure('ffmpeg_failed', `there is no frame at ${times[i]} s of the video`, { trace });
  }
}

/** A JPEG is of the whole range and the old matrix, whatever the video is. */
const stillGraph = (i: number) =>
  `[${i}:v:0]split[a${i}][b${i}];[a${i}]scale=out_color_matrix=bt601:out_range=full,format=yuvj420p[still${i}];` +
  `[b${i}]scale=${HASHED_SIDE}:${HASHED_SIDE}:flags=area,format=gray[grey${i}]`;
const ONE = ['-frames:v', '1'];
const JPEG = ['-c:v', 'mjpeg', '-q:v', '3', '-f', 'mjpeg'];
const GREY = ['-c:v', 'rawvideo', '-f', 'rawvideo'];

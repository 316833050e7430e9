import { type Artifact, Failure, type MediaFacts } from '@reverie/contracts';
import { addInput, factsOf, ffmpeg, ffprobe, levelIn, percentOf, restsIn } from '@reverie/media';
import type { PreparedVideo, Running } from '@reverie/pipelines';
import type { Workplace } from '../workplace.ts';
import { cutFinder } from './cuts.ts';
import { FILES, inputOptions, METER, prepareGraph, prepareOutputs } from './graph.ts';
import { faultOfInput } from './input-fault.ts';
import { type Plan, planFor } from './plan.ts';
import { perSecond } from './rate.ts';
import { eachThumbnail } from './thumbnail.ts';

/** Programs and the folder of one attempt. */
export interface Darkroom {
  ffmpegPath: string;
  ffprobePath: string;
  place: Workplace;
}

export async function prepare(
  { media, facts, out }: { media: Artifact; facts: MediaFacts; out: { video: string; audio: string } },
  room: Darkroom,
  run: Running,
): Promise<PreparedVideo> {
  const { place, ffprobePath } = room;
  const { signal } = run;
  const alive = () => run.progress(0);
  await place.fetchTo(media, FILES.source, signal, alive);
  const look = { ffprobePath, cwd: place.path, signal };
  const plan = planFor(await ffprobe(FILES.source, { ...look, kind: 'source' }).catch(faultOfInput));
  const { cuts, levels } = await takeApart(plan, facts.duration, room, run);
  const probe = await ffprobe(FILES.video, look);
  const videoFacts = factsOf(probe, probe.format.duration ?? facts.duration);
  const rests = restsIn(levels, METER.windowSeconds, videoFacts.duration);
  const stored = () => run.progress(100);
  const keep = (name: string, key: string, contentType: string) =>
    place.keep(name, { key, contentType }, signal, stored);
  const video = await keep(FILES.video, out.video, 'video/mp4');
  const audio = plan.audio && (await keep(FILES.audio, out.audio, 'audio/flac'));
  return { video, ...(audio && { audio }), facts: videoFacts, cuts, rests, remuxed: plan.video.copied };
}

/** The one run of ffmpeg. Says where the cuts are, and how loud it is all the way. */
async function takeApart(plan: Plan, seconds: number, room: Darkroom, run: Running) {
  const finder = cutFinder(perSecond(plan.video.rate));
  const levels: number[] = [];
  const follow = percentOf(seconds, run.progress);
  let frames = 0;
  const trace = await ffmpeg(
    (command) => {
      addInput(command, { name: FILES.source, kind: 'source', options: inputOptions(plan) });
      command.complexFilter(prepareGraph(plan));
      for (const { target, options } of prepareOutputs(plan)) command.output(target).outputOptions(...options);
      return command;
    },
    {
      ffmpegPath: room.ffmpegPath,
      cwd: room.place.path,
      signal: run.signal,
      onLine(line) {
        follow(line);
        const level = levelIn(line);
        if (level !== undefined) levels.push(level);
      },
      onBytes: eachThumbnail((thumbnail) => {
        frames++;
        finder.see(thumbnail);
      }),
    },
  ).catch(faultOfInput);
  if (frames === 0) throw new Failure('media_unreadable', 'not one picture of the file could be decoded', { trace });
  return { cuts: finder.finish(), levels };
}

import { link } from 'node:fs/promises';
import { join } from 'node:path';

import { linkSigner, openStore } from '@reverie/storage';
import { ffmpegFootage } from '../../apps/worker/src/tools/footage/footage.ts';
import { openScratch } from '../../apps/worker/src/tools/scratch.ts';
import { chooseEvenly } from '../../packages/pipelines/src/choose.ts';
import { scenesBetween } from '../../packages/pipelines/src/scenes-between.ts';

/** The stages normalise, scenes and frames as a worker runs them, whose download stage has the file at hand. */
const [clip, dir, ffmpegPath, ffprobePath, seconds] = process.argv.slice(2) as [string, string, string, string, string];
const links = linkSigner({ secret: 'a secret for the bench alone', baseUrl: 'http://127.0.0.1' });
const store = openStore({ kind: 'fs', dir: join(dir, 'store'), links });
const scratch = await openScratch({ dir: join(dir, 'scratch'), store });
await using place = await scratch.open('bench', process.pid);
const run = { signal: new AbortController().signal, progress: () => {} };
const footage = ffmpegFootage({ ffmpegPath, ffprobePath, place });
await link(clip, join(place.path, 'fetched'));
const media = await place.keep('fetched', { key: 'fetched.mp4', contentType: 'video/mp4' }, run.signal);

const { user, system } = process.cpuUsage();
const ready = { cpuSeconds: (user + system) / 1e6, wallSeconds: performance.now() / 1000 };

const prepared = await footage.prepare(media, { duration: Number(seconds) }, { video: 'v.mp4', audio: 'a.flac' }, run);
const scenes = scenesBetween(prepared.cuts, prepared.facts.duration);
const moments = chooseEvenly(scenes.length, 50).map((scene) => {
  const { start, end } = scenes[scene]!;
  return { scene, time: (start + end) / 2 };
});
const { frames } = await footage.stills(prepared.video, moments, { key: (scene) => `${scene}.jpg` }, run);
console.log(JSON.stringify({ ready, cuts: prepared.cuts, remuxed: prepared.remuxed, frames: frames.length }));

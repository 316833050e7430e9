import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PodManifest, PodRun } from '@reverie/contracts';
import type { Bench, Run } from './bench.ts';
import { fetchInput } from './input/fetch-input.ts';
import { lookAt } from './input/look.ts';
import { keyBelow, writeManifest } from './manifest.ts';
import { type Heard, listen, OFFLINE } from './sound/listen.ts';
import { takeSound } from './sound/take-sound.ts';
import { masterPlaylist } from './tracks/master.ts';
import { subtitleTrack, wholeVtt } from './tracks/subtitle-track.ts';
import { upload } from './upload.ts';
import { version } from './version.ts';
import { makeRendition, OUT } from './video/rendition.ts';

/** One run, from the video in one bucket to its subtitles in the other. This is what a pod does; the rest is how it is asked. */
export async function makeSubtitles(wish: PodRun, bench: Bench, run: Run): Promise<PodManifest> {
  const fetching = { ...bench, ...run, progress: (percent: number) => run.progress(0.15 * percent, 'fetch') };
  const input = await lookAt(await fetchInput(wish, fetching), bench, run);
  await mkdir(join(run.dir, OUT));

  const sound = await takeSound(input, bench, run);
  const heard = await listen(sound, wish, bench, run);
  const video = await makeRendition(input, wish.hls_segment, bench, run);

  const texts: Record<string, string> = {
    [VTT]: wholeVtt(heard.cues, heard.note),
    ...subtitleTrack(heard.cues, video),
    [MASTER]: masterPlaylist(video, { language: heard.language, name: nameOf(heard) }),
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(run.dir, OUT, name), text);
  const names = [video.playlist, ...video.segments.map(({ name }) => name), ...Object.keys(texts)];
  const files = await upload(names, wish, bench, run);

  const manifest: PodManifest = {
    job_id: wish.job_id,
    subtitle_vtt_url: keyBelow(wish, VTT),
    subtitle_hls_master: keyBelow(wish, MASTER),
    language: heard.language,
    source_language: heard.sourceLanguage,
    provider: heard.provider,
    cost: heard.cost,
    cues: heard.cues.length,
    ...(heard.note !== undefined && { note: heard.note }),
    duration: Math.round(video.seconds * 1_000) / 1_000,
    segments: video.segments.length,
    video_copied: video.plan.copiesVideo,
    s3_input_key: wish.s3_input_key,
    made_by: `reverie-pod ${version}`,
    made_at: new Date().toISOString(),
    files,
  };
  await writeManifest(bench.outputs, wish, manifest, run.signal);
  return manifest;
}

const VTT = 'subtitles.vtt';
const MASTER = 'master.m3u8';

const languages = new Intl.DisplayNames(['en'], { type: 'language' });

/** As the menu of a player has it. */
const nameOf = ({ provider, language }: Heard): string =>
  provider === OFFLINE ? 'Speech (not transcribed)' : (languages.of(language) ?? language);

import type { Artifact, MediaFacts } from '@reverie/contracts';
import type { MadeSegment, Running } from '@reverie/pipelines';
import { rising } from '../rising.ts';
import { bringParts } from './bring-parts.ts';
import { checkWhole } from './check-whole.ts';
import { mux } from './mux.ts';
import { inOneForm } from './one-form.ts';
import { ownSound } from './own-sound.ts';
import type { SegmentsPlace } from './place.ts';
import { stretch } from './stretch.ts';

interface Beside {
  sound: Artifact | null;
  late: number;
  key: string;
}

const SOUND = 'sound.m4a';
const WHOLE = 'final.mp4';

/** Puts segments behind each other, and their sound in its place. */
export async function join(
  parts: readonly MadeSegment[],
  { sound, late, key }: Beside,
  here: SegmentsPlace,
  { signal, progress }: Running,
): Promise<{ video: Artifact; facts: MediaFacts }> {
  const run = { signal, progress: rising(progress) };
  const { place } = here;
  const joints = await bringParts(parts, here, stretch(run, 0, 30));
  if (sound) await place.fetchTo(sound, SOUND, signal, () => run.progress(30));
  const seconds = sum(parts.map((part) => part.seconds));
  const frames = sum(parts.map((part) => part.frames));
  const own = sound ? [] : await ownSound(joints, { seconds, here, run: stretch(run, 30, 40) });
  const alike = await inOneForm(joints, here, stretch(run, 40, 70));
  const kept = sound ? { name: SOUND, late } : undefined;
  await mux({ joints: alike, seconds, kept, own, output: WHOLE }, here, stretch(run, 70, 85));
  const expected = { frames, seconds, hasSound: sound !== null || own.length > 0 };
  const facts = await checkWhole(WHOLE, expected, here, stretch(run, 85, 90));
  const video = await place.keep(WHOLE, { key, contentType: 'video/mp4' }, signal, () => run.progress(90));
  return { video, facts };
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

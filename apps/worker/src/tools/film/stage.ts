import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Artifact } from '@reverie/contracts';
import type { FilmParts } from '@reverie/pipelines';
import type { Workplace } from '../workplace.ts';

/** Names in the attempt's folder. No text of a user is ever part of one. */
export const FILES = {
  picture: (index: number) => `picture-${index}`,
  sound: 'narration',
  subtitles: 'subs.ass',
  title: 'title.ass',
  fonts: 'fonts',
} as const;

/** Burns in a file of words with our own fonts: bare machines have none, and libass then shows nothing and says nothing. */
export const burnIn = (file: string) => `subtitles=filename=${file}:fontsdir=${FILES.fonts}`;

const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSerif-Bold.ttf'];
const fontFolder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

export async function layOutFonts({ path }: Workplace): Promise<void> {
  await mkdir(join(path, FILES.fonts), { recursive: true });
  const link = (font: string) => symlink(join(fontFolder, font), join(path, FILES.fonts, font));
  await Promise.all(FONTS.map((font) => link(font).catch(unlessThere)));
}

const unlessThere = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EEXIST') throw error;
};

export const writeWords = ({ path }: Workplace, file: string, text: string) => writeFile(join(path, file), text);

/** Brings a picture for each scene; with too few pictures they come round again. */
export async function fetchPictures(
  place: Workplace,
  { pictures, count }: { pictures: readonly Artifact[]; count: number },
  signal: AbortSignal,
): Promise<Artifact[]> {
  const shown = Array.from({ length: count }, (_, i) => pictures[i % pictures.length]!);
  await Promise.all(shown.map((picture, i) => place.fetchTo(picture, FILES.picture(i), signal)));
  return shown;
}

/** Scenes that are seen in the first `seconds`, and how long that is. */
export function openingOf({ narration }: FilmParts, seconds: number) {
  const duration = Math.min(narration.duration, seconds);
  const scenes = narration.scenes.filter(({ start }, i) => i === 0 || start < duration);
  return { scenes, duration };
}

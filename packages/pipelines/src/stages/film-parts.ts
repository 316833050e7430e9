import { Aspect } from '@reverie/contracts';
import { z } from 'zod';
import type { FilmParts } from '../tools.ts';
import { Narration } from './narration.ts';
import { Picture } from './pictures.ts';
import { Storyboard } from './storyboard.ts';

/** What preview and film are both made of. */
export const Parts = z.object({
  storyboard: Storyboard,
  aspect: Aspect,
  pictures: z.array(Picture),
  narration: Narration,
});

export const filmParts = ({ storyboard, aspect, pictures, narration }: z.infer<typeof Parts>): FilmParts => ({
  title: storyboard.title,
  aspect,
  pictures: pictures.map(({ picture }) => picture),
  narration,
});

import { NewDream } from '@reverie/contracts';
import { z } from 'zod';
import { pipeline } from './pipeline.ts';
import { film } from './stages/film.ts';
import { narration } from './stages/narration.ts';
import { pictures } from './stages/pictures.ts';
import { preview } from './stages/preview.ts';
import { publish } from './stages/publish.ts';
import { storyboard } from './stages/storyboard.ts';

/** A dream's text → scenes, pictures and a voice → a narrated, subtitled video. */
export const dream = pipeline({
  name: 'dream',
  summary: 'Turns the text of a dream into a narrated, subtitled video',
  input: NewDream.omit({ id: true, priority: true }).extend({
    dreamId: z.uuid().describe('The dream the video belongs to'),
  }),
  stages: [storyboard, pictures, narration, preview, film, publish],
});

import { Artifact, Failure, MediaFacts } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';
import { Recording } from './normalise-sound.ts';

/** Normalised video, sound, cuts and silences, all out of one decode. */
export const prepare = step({
  name: 'normalise',
  fleet: 'cpu',
  weight: 6,
  // Ten hours of video move by a percent every six minutes of it.
  limits: { seconds: 43_200, stillSeconds: 600 },
  needs: z.object({ media: Artifact, facts: MediaFacts }),
  gives: z.object({
    video: Artifact,
    videoFacts: MediaFacts,
    recording: Recording.nullable(),
    cuts: z.array(z.number()),
    remuxed: z.boolean(),
  }),
  async run({ media, facts }, { tools, key, ...run }) {
    if (!facts.video) throw new Failure('media_no_video', 'the file has sound alone; there is nothing to see in it');
    const out = { video: key('video.mp4'), audio: key('audio.flac') };
    const prepared = await tools.footage.prepare(media, facts, out, run);
    const { video, audio, facts: videoFacts, cuts, rests, remuxed } = prepared;
    const recording = audio ? { audio, duration: videoFacts.duration, rests } : null;
    return { video, videoFacts, recording, cuts, remuxed };
  },
});

import { Artifact, Failure, MediaFacts, Span } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';

/** A recording that is ready to be transcribed, and where it may be cut. */
export const Recording = z.object({ audio: Artifact, duration: z.number(), rests: z.array(Span) });

export const normaliseSound = step({
  name: 'normalise',
  fleet: 'cpu',
  limits: { seconds: 7_200 },
  needs: z.object({
    media: Artifact,
    facts: MediaFacts,
    removeNoise: z.boolean(),
    convertToMono: z.boolean(),
    applyHighpassFilter: z.boolean(),
    setSampleRate16k: z.boolean(),
    isolateVocals: z.boolean(),
  }),
  gives: z.object({ recording: Recording, normalisedBy: z.string().optional() }),
  async run({ media, facts, ...wish }, { tools, key, ...run }) {
    if (!facts.audio) throw new Failure('media_no_audio', 'the video has no sound, so there is nothing to transcribe');
    const { service, ...recording } = await tools.sound.normalise(
      media,
      {
        removeNoise: wish.removeNoise,
        mono: wish.convertToMono,
        highPass: wish.applyHighpassFilter,
        sampleRate16k: wish.setSampleRate16k,
        isolateVocals: wish.isolateVocals,
      },
      { key: key('audio_normalized.flac') },
      run,
    );
    return { recording, ...(service !== undefined && { normalisedBy: service }) };
  },
});

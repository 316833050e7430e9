import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Service, Services } from '@reverie/models';
import type { Sound } from '@reverie/pipelines';
import { keepFlac, type SoundPlace, toFlac } from '../sound/sound.ts';
import { readFileTo } from './service-answer.ts';
import { formOf } from './service-form.ts';
import { byService } from './services.ts';

/** Ten hours of stereo at 48 kHz in 16 bits are 7 GB. */
const MOST_BYTES = 8 * 1024 ** 3;

/** Has a service normalise sound. What it sends may be of any format; here it becomes FLAC, and its rests are found. */
export const soundByService = (service: Service, services: Services, here: SoundPlace): Sound => ({
  async normalise(media, wish, { key }, run) {
    const { place } = here;
    const path = (name: string) => join(place.path, name);
    const source = `source${extname(media.key)}`; // many a service goes by the extension
    await place.fetchTo(media, source, run.signal);
    const body = () =>
      formOf(path(source), {
        remove_noise: wish.removeNoise,
        convert_to_mono: wish.mono,
        apply_highpass_filter: wish.highPass,
        set_sample_rate_16k: wish.sampleRate16k,
        isolate_vocals: wish.isolateVocals,
      });
    const errand = { service, named: 'AUDIO_NORMALIZATION_URL', body } as const;
    const done = await byService(errand, services, run, async (job) => {
      await job.get('download', readFileTo(path('by-service'), MOST_BYTES));
      return {};
    });
    await rm(path(source));
    const fit = await toFlac('by-service', AS_IT_IS, { ...here, ...run });
    return { ...(await keepFlac(fit, key, { place, signal: run.signal })), ...done };
  },
});

/** The service has done what was wished. */
const AS_IT_IS = { removeNoise: false, mono: false, highPass: false, sampleRate16k: false };

import { variable } from '@reverie/contracts';
import { z } from 'zod';
import { type HttpModelEnvironment, httpModel, httpModelEnvironment } from './http.ts';
import type { OpenModel } from './model.ts';
import { passthrough } from './passthrough.ts';
import { stereoShift } from './stereo-shift.ts';

/** THE LIST of models. A new one is its file and one line here. */
const MODELS: Record<string, (env: HttpModelEnvironment) => OpenModel> = {
  passthrough: () => passthrough,
  'stereo-shift': () => stereoShift,
  http: httpModel,
};

/** What the worker's environment says about models. */
export const modelEnvironment = {
  MODEL: variable(
    z.enum(Object.keys(MODELS)).default('passthrough'),
    'What is done with every segment of a video: `passthrough` leaves it as it is, `stereo-shift` makes two views of one (on the CPU), `http` asks MODEL_URL',
  ),
  ...httpModelEnvironment,
};

type ModelEnvironment = z.infer<z.ZodObject<typeof modelEnvironment>>;

/** The configured model; throws when something it needs is not set. */
export const openModel = (env: ModelEnvironment): OpenModel => MODELS[env.MODEL]!(env);

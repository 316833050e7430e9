import { variable } from '@reverie/contracts';
import { z } from 'zod';

/** Everything else is asked beside or below it, and it is shown where pods are named. */
function isRunUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !/[?#]/.test(text);
}
const NO_RUN_URL = 'must be http(s) addresses with commas, without a query or a password (that is VL_POD_API_KEY)';

/** The variables that API and worker share about pods: the API says no to what nobody could do. */
export const podsEnvironment = {
  VL_POD_RUN_URL: variable(
    z
      .string()
      .default('')
      .transform((list) => [...new Set(list.split(',').map((url) => url.trim().replace(/\/+$/, '')))].filter(Boolean))
      .pipe(z.array(z.string().refine(isRunUrl, NO_RUN_URL)).max(100)),
    'The POST /run of each pod, with commas: `http://10.0.0.5:8000/run`. One run at a time each; docs/pods.md says what they are asked',
  ),
  VL_POD_TIMEOUT: variable(
    z.coerce.number().min(1).max(172_800).default(7_200),
    'How many seconds a pod may take for one run',
  ),
  VL_POD_API_KEY: variable(z.string().optional(), 'Sent to pods as a bearer token, if they want one', { secret: true }),
};

type PodsEnvironment = z.infer<z.ZodObject<typeof podsEnvironment>>;

export interface PodSettings {
  runUrls: readonly string[];
  seconds: number;
  apiKey: string | undefined;
}

export const podsOf = (env: PodsEnvironment): PodSettings => ({
  runUrls: env.VL_POD_RUN_URL,
  seconds: env.VL_POD_TIMEOUT,
  apiKey: env.VL_POD_API_KEY,
});

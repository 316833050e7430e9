import { Failure } from '@reverie/contracts';
import type { Tools } from '@reverie/pipelines';

const missing = async (): Promise<never> => {
  throw new Failure('internal', 'this tool is not written yet');
};

/** To be replaced one by one. */
export const notYet: Pick<Tools, 'sound' | 'transcriber' | 'footage'> = {
  sound: { normalise: missing },
  transcriber: { hear: missing },
  footage: { prepare: missing, stills: missing },
};

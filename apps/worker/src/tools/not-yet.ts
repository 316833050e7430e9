import { Failure } from '@reverie/contracts';
import type { Tools } from '@reverie/pipelines';

const missing = async (): Promise<never> => {
  throw new Failure('internal', 'this tool is not written yet');
};

/** To be replaced one by one. */
export const notYet: Pick<Tools, 'footage'> = {
  footage: { prepare: missing, stills: missing },
};

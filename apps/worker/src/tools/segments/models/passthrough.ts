import type { OpenModel } from './model.ts';

/** Changes nothing: every segment stays as it is, byte for byte. */
export const passthrough: OpenModel = { name: 'passthrough', run: async ({ name }) => name };

import { z } from 'zod';

/** One or several secrets, the first signs, all verify: how a secret is changed without a gap. */
export const Secrets = z
  .string()
  .transform((list) => list.split(',').map((secret) => secret.trim()))
  .pipe(
    z
      .array(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'must be whsec_ and at least 24 bytes in base64'))
      .min(1),
  );

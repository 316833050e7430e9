import { checkTarget, type PrivateHosts } from '@reverie/net';
import { z } from 'zod';

/** An address to call back. What can be seen to be wrong is refused here; where its name leads is checked at every try. */
export const CallbackUrl = (allowed: PrivateHosts) =>
  z
    .string()
    .max(2_000)
    .superRefine((url, context) => {
      try {
        checkTarget(url, allowed);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
      }
    })
    .meta({ format: 'uri' })
    .describe('Called when something becomes of it, see docs/callbacks.md. On the public internet');

import { variable } from '@reverie/contracts';
import { z } from 'zod';
import { privateHosts } from './private-hosts.ts';

/** The variables that API and worker share about the world outside. */
export const networkEnvironment = {
  ALLOWED_PRIVATE_HOSTS: variable(
    z
      .string()
      .default('')
      .transform((list, context) => {
        try {
          return privateHosts(list);
        } catch (error) {
          context.addIssue((error as Error).message);
          return z.NEVER;
        }
      }),
    'Callbacks and downloads go to the public internet only, on ports 80, 443 and 8443; and to these hosts, addresses and networks, on any port. With commas: `receiver.internal, 10.1.2.0/24`',
  ),
  S3_SOURCE_BUCKETS: variable(
    z
      .string()
      .default('')
      .transform((list) =>
        list
          .split(',')
          .map((bucket) => bucket.trim())
          .filter(Boolean),
      ),
    'Buckets that callers may name as a source (`s3://bucket/key`), with commas; read with the credentials of the workers',
  ),
};

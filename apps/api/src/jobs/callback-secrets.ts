import { createHmac, randomBytes } from 'node:crypto';

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/**
 * What signs the callbacks to a job's `callback_url`: each owner has secrets that follow from the installation's own,
 * so there is nothing to store, and they change when those do: while REPORT_SECRET holds two, both sign.
 */
export const ownerSecrets =
  ({ reportSecrets }: { reportSecrets: readonly string[] }) =>
  (owner: string): string[] =>
    reportSecrets.map(
      (secret) => `whsec_${createHmac('sha256', secret).update(`callbacks:${owner}`).digest('base64')}`,
    );

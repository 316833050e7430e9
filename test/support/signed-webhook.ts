import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A webhook's headers as Standard Webhooks wants them. */
export function signedWebhook(secret: string, text: string, { id = randomUUID() as string, at = new Date() } = {}) {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, text),
  };
}

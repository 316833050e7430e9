import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { Refusal } from '../refusal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, for signatures. */
    rawBody: string;
  }
}

/** JSON, kept as it came; nothing at all is no mistake (`curl -X POST` with a content type). */
export function jsonBodies(app: FastifyInstance): void {
  app.decorateRequest('rawBody', '');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    request.rawBody = body as string;
    if (body.length === 0) return done(null, undefined);
    return parse(request, body as string, done);
  });
}

/** Refuses what is unsigned, altered, older than five minutes or signed with another key. `setting`: where the keys stand. */
export function verifier(secrets: readonly string[], setting = 'REPORT_SECRET') {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return (request: FastifyRequest): { id: string } => {
    const headers = {
      'webhook-id': header(request, 'webhook-id'),
      'webhook-timestamp': header(request, 'webhook-timestamp'),
      'webhook-signature': header(request, 'webhook-signature'),
    };
    const reasons = webhooks.map((webhook) => {
      try {
        webhook.verify(request.rawBody, headers);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    });
    if (reasons.includes(undefined)) return { id: headers['webhook-id'] };
    throw new Refusal(
      401,
      'bad_signature',
      `The Standard Webhooks signature is not valid (${reasons[0]}). Check ${setting} and the clock.`,
    );
  };
}

const header = (request: FastifyRequest, name: string) => String(request.headers[name] ?? '');

import { hasEnded, JobStatus } from '@reverie/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { submit } from '../jobs/submit.ts';
import { toProblem } from '../plugins/problems.ts';
import { verifier } from '../plugins/signed.ts';
import { Refusal } from '../refusal.ts';
import type { Api } from '../routes/api.ts';
import { problemsOf, SignedHeaders } from '../routes/shapes.ts';
import { envelope, submissionIn } from './envelope.ts';

/** Jobs from whoever has the secret, for senders that can sign and cannot keep an API key. */
export const webhook =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const { names, owner, webhookSecrets } = api.config.sources;
    const verify = verifier(webhookSecrets, 'WEBHOOK_SECRET');
    const Taken = z.object({ job_id: z.uuid(), status: JobStatus });

    app.post(
      '/webhooks/jobs',
      {
        // The signature decides, and nothing else: senders have headers of their own.
        config: { scope: 'public' },
        schema: {
          tags: ['jobs'],
          summary: 'Submit a job by a signed webhook, where JOB_SOURCES names webhook',
          description:
            'Standard Webhooks, signed with WEBHOOK_SECRET, at most five minutes old. The same `webhook-id` again is the same job.',
          headers: SignedHeaders,
          body: envelope(api.config.privateHosts),
          response: {
            202: Taken,
            200: Taken.describe('The job that this webhook already made, or a new one whose result was there already'),
            ...problemsOf(401, 404, 409, 422, 503),
          },
        },
        onRequest: async () => {
          if (names.has('webhook')) return;
          throw new Refusal(
            404,
            'not_switched_on',
            'Jobs are not taken by webhook here. To switch it on, name webhook in JOB_SOURCES and set WEBHOOK_SECRET.',
          );
        },
        preValidation: async (request) => void verify(request),
        onError: async (_request, _reply, error) => {
          const { status } = toProblem(error);
          // What nobody has signed is not a job that was brought.
          if (status < 500 && status !== 401 && status !== 404) api.tally.count('webhook', 'rejected');
        },
      },
      async (request, reply) => {
        const submission = submissionIn(request.body, { owner, key: `webhook:${request.headers['webhook-id']}` });
        const { job, created } = await api.db.transaction((tx) => submit(tx, api, submission));
        api.tally.count('webhook', created ? 'accepted' : 'known');
        return reply
          .code(created && !hasEnded(job.status) ? 202 : 200)
          .header('location', `/jobs/${job.id}`)
          .send({ job_id: job.id, status: job.status });
      },
    );
  };

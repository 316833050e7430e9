import { readS3Event } from '@reverie/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { inputBucketOf, takeEvent } from '../sources/take-event.ts';
import type { Api } from './api.ts';
import { problemsOf } from './shapes.ts';

const Taken = z.object({
  accepted: z.int().describe('Segments that were waited for'),
  known: z.int().describe('Had come before'),
  skipped: z.int().describe('Of another bucket, no segments, or not created'),
  rejected: z.int().describe('Segments that do not fit their job; the log says why'),
});

/** Document 003's way in over HTTP: what a bucket says of itself. */
export const segmentEvents =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const { sources, inputs } = api.config;
    const taking = { source: 'events', owner: sources.owner, bucket: inputBucketOf(inputs) };

    app.post(
      '/segments/events',
      {
        // It speaks for the bucket, and so for everybody's segments.
        config: { scope: 'admin' },
        schema: {
          tags: ['jobs'],
          summary: 'Segments have been uploaded: a raw S3 event, as S3 servers send it',
          description: 'Answers when all of it is committed. The same event again changes nothing.',
          body: z.looseObject({
            Records: z.array(z.unknown()).optional(),
            Event: z.string().optional().describe('s3:TestEvent is welcome'),
          }),
          response: { 200: Taken, ...problemsOf(401, 403, 422, 503) },
        },
      },
      async (request) => {
        const event = readS3Event(request.body);
        if (!event)
          throw new Refusal(422, 'no_s3_event', 'This is no S3 event. Send it as the bucket does: {"Records": […]}.', [
            { pointer: '/Records', detail: 'must be a list of records' },
          ]);
        return takeEvent(api, taking, event);
      },
    );
  };

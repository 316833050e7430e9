import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Callback } from '@reverie/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { version } from '../version.ts';
import { transform, transformObject } from './openapi-routes.ts';

/** The API describes itself: /openapi.json for programs, /docs for people. */
export async function openapi(app: FastifyInstance, { publicUrl }: { publicUrl: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Reverie',
        version,
        description: 'A self-hosted backend for video jobs.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: publicUrl }],
      tags: [
        { name: 'dreams', description: "A dream's text becomes a narrated, subtitled video" },
        { name: 'captions', description: 'A video becomes a transcript and subtitles (document 004)' },
        { name: 'videos', description: 'What is said and seen in videos, and where' },
        { name: 'jobs', description: 'Every job, whatever its pipeline' },
        { name: 'uploads', description: 'Files that callers send, in parts, as sources of jobs' },
        { name: 'artifacts', description: 'The files that jobs make' },
        { name: 'admin', description: 'Who gets how much, and what waits' },
        { name: 'callbacks', description: 'What callers are told, where, and how that went (docs/callbacks.md)' },
        { name: 'health', description: 'Is it alive, is it ready, how is it doing' },
        { name: 'workers', description: 'What workers tell the API; signed' },
      ],
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: rv_live_…' } },
      },
      security: [{ key: [] }],
      webhooks: {
        callback: {
          post: {
            tags: ['callbacks'],
            summary: 'What you are told of your jobs',
            description: 'Signed by Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature.',
            requestBody: { content: { 'application/json': { schema: z.toJSONSchema(Callback) as object } } },
            responses: { '2XX': { description: 'Noted' } },
          },
        },
      },
    },
    transform,
    transformObject,
  });
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'public' };
    });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: { tryItOutEnabled: true, persistAuthorization: true },
    });
    docs.get('/openapi.json', { schema: { hide: true } as object }, async () => app.swagger());
  });
}

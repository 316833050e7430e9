import { CallbackEvent } from '@reverie/contracts';
import {
  countEndpoints,
  deleteEndpoint,
  disableEndpoint,
  type Endpoint,
  enableEndpoint,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
} from '@reverie/db';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { newSecret, ownerSecrets } from '../jobs/callback-secrets.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { CallbackUrl } from './callback-url.ts';
import { IdParams, problemsOf } from './shapes.ts';

/** Every event asks for all of them. */
const MOST_ENDPOINTS = 20;

const EndpointView = z.object({
  id: z.uuid(),
  url: z.string(),
  events: z.array(z.string()).describe('What it wants to hear; empty: everything'),
  enabled: z.boolean(),
  disabled_at: z.iso.datetime().nullable(),
  disabled_reason: z.string().nullable(),
  rotated_at: z.iso.datetime().nullable().describe('For a day from then the secret before signs, too'),
  job_id: z.uuid().nullable().describe("The job whose `callback_url` this is; it signs with its owner's secrets"),
  created_at: z.iso.datetime(),
});
const WithSecret = EndpointView.extend({ secret: z.string().describe('Shown this once: whsec_…') });

const iso = (date: Date | null) => date?.toISOString() ?? null;
const view = (row: Endpoint): z.infer<typeof EndpointView> => ({
  id: row.id,
  url: row.url,
  events: row.events,
  enabled: row.disabledAt === null,
  disabled_at: iso(row.disabledAt),
  disabled_reason: row.disabledReason,
  rotated_at: iso(row.rotatedAt),
  job_id: row.jobId,
  created_at: row.createdAt.toISOString(),
});

const events = z
  .array(CallbackEvent)
  .max(20)
  .transform((list) => [...new Set(list)]);

/** Where an owner is told of his jobs. */
export const webhookEndpoints =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['callbacks'];
    const config = { scope: 'submit' as const };
    const url = CallbackUrl(api.config.privateHosts);
    const secretsOf = ownerSecrets(api.config);
    const find = async (id: string, sight: ReturnType<typeof sightOf>) => {
      const endpoint = await findEndpoint(api.db, id, sight);
      if (!endpoint) throw notFound('webhook endpoint', id);
      return endpoint;
    };

    app.post(
      '/webhook-endpoints',
      {
        config,
        schema: {
          tags,
          summary: 'Be told of what becomes of your jobs',
          body: z.strictObject({ url, events: events.default([]).describe('None named: everything') }),
          response: { 201: WithSecret, ...problemsOf(401, 403, 409, 422, 503) },
        },
      },
      async (request, reply) => {
        const { owner } = request.principal;
        if ((await countEndpoints(api.db, owner)) >= MOST_ENDPOINTS) {
          throw new Refusal(
            409,
            'too_many_endpoints',
            `There are ${MOST_ENDPOINTS} already. Delete one, or change it.`,
          );
        }
        const secret = newSecret();
        const row = await insertEndpoint(api.db, { owner, ...request.body, secrets: [secret] });
        reply.code(201).header('location', `/webhook-endpoints/${row.id}`);
        return { ...view(row), secret };
      },
    );

    app.get(
      '/webhook-endpoints',
      {
        config,
        schema: {
          tags,
          summary: 'Your endpoints; with job_id, the one its callback_url made',
          querystring: z.object({ job_id: z.uuid().optional() }),
          response: { 200: z.object({ endpoints: z.array(EndpointView) }), ...problemsOf(401, 403, 422, 503) },
        },
      },
      async (request) => {
        const rows = await listEndpoints(api.db, { jobId: request.query.job_id, ...sightOf(request) });
        return { endpoints: rows.map(view) };
      },
    );

    app.get(
      '/webhook-endpoints/secret',
      {
        config,
        schema: {
          tags,
          summary: 'What signs the callbacks to a callback_url of yours',
          description: 'Two while the installation changes its own secret: a callback verifies with either.',
          response: { 200: z.object({ secrets: z.array(z.string()) }), ...problemsOf(401, 403, 503) },
        },
      },
      async (request) => ({ secrets: secretsOf(request.principal.owner) }),
    );

    app.get(
      '/webhook-endpoints/:id',
      {
        config,
        schema: {
          tags,
          summary: 'One endpoint',
          params: IdParams,
          response: { 200: EndpointView, ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request) => view(await find(request.params.id, sightOf(request))),
    );

    app.patch(
      '/webhook-endpoints/:id',
      {
        config,
        schema: {
          tags,
          summary: 'Change address or filter; disable, or enable again',
          params: IdParams,
          body: z.strictObject({ url, events, enabled: z.boolean() }).partial(),
          response: { 200: EndpointView, ...problemsOf(401, 403, 404, 422, 503) },
        },
      },
      async (request) => {
        const { id } = await find(request.params.id, sightOf(request));
        const { enabled, url, events } = request.body;
        await api.db.transaction(async (tx) => {
          await updateEndpoint(tx, id, { ...(url && { url }), ...(events && { events }) });
          if (enabled === true) await enableEndpoint(tx, id);
          if (enabled === false) await disableEndpoint(tx, id, 'Disabled through the API.');
        });
        return view(await find(id, {}));
      },
    );

    app.delete(
      '/webhook-endpoints/:id',
      {
        config,
        schema: {
          tags,
          summary: 'Forget an endpoint, and what was to be sent there',
          params: IdParams,
          response: { 204: z.undefined(), ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request, reply) => {
        const { id } = await find(request.params.id, sightOf(request));
        await deleteEndpoint(api.db, id);
        return reply.code(204).send();
      },
    );

    app.post(
      '/webhook-endpoints/:id/rotate',
      {
        config,
        schema: {
          tags,
          summary: 'A new secret; the old one signs as well for a day, or until the next rotation',
          params: IdParams,
          response: { 200: WithSecret, ...problemsOf(401, 403, 404, 409, 503) },
        },
      },
      async (request) => {
        const { id, jobId } = await find(request.params.id, sightOf(request));
        if (jobId !== null) {
          throw new Refusal(
            409,
            'no_secret_of_its_own',
            "A job's callback_url signs with GET /webhook-endpoints/secret.",
          );
        }
        const secret = newSecret();
        const row = await rotateSecret(api.db, id, secret);
        if (!row) throw notFound('webhook endpoint', id);
        return { ...view(row), secret };
      },
    );
  };

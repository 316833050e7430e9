import { PING } from '@reverie/contracts';
import {
  DELIVERY_STATUSES,
  type Delivery,
  type DeliveryTry,
  findEndpoint,
  insertDelivery,
  listDeliveries,
  redeliver,
  triesOf,
} from '@reverie/db';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { IdParams, Instant, PageQuery, problemsOf } from './shapes.ts';

/** At once; the next thousand is another call. */
const MOST_REDELIVERED = 1_000;

const DeliveryStatus = z.enum(DELIVERY_STATUSES);
const DeliveryView = z.object({
  id: z.uuid().describe('The `webhook-id`'),
  type: z.string(),
  sequence: z.int(),
  job_id: z.uuid().nullable(),
  status: DeliveryStatus,
  due_at: z.iso.datetime().nullable().describe('When it is tried next'),
  created_at: z.iso.datetime(),
  delivered_at: z.iso.datetime().nullable(),
  tries: z.array(
    z.object({
      number: z.int(),
      at: z.iso.datetime(),
      http_status: z.int().nullable(),
      error: z.string().nullable(),
      ms: z.int(),
    }),
  ),
});

const view = (row: Delivery, tries: DeliveryTry[]): z.infer<typeof DeliveryView> => ({
  id: row.id,
  type: row.type,
  sequence: row.sequence,
  job_id: row.jobId,
  status: row.status,
  due_at: row.status === 'pending' ? row.dueAt.toISOString() : null,
  created_at: row.createdAt.toISOString(),
  delivered_at: row.deliveredAt?.toISOString() ?? null,
  tries: tries
    .filter(({ deliveryId }) => deliveryId === row.id)
    .map(({ number, at, httpStatus, error, ms }) => ({
      number,
      at: at.toISOString(),
      http_status: httpStatus,
      error,
      ms,
    })),
});

const Again = z
  .strictObject({
    delivery_ids: z.array(z.uuid()).min(1).max(MOST_REDELIVERED),
    since: Instant,
    until: Instant,
    status: DeliveryStatus,
  })
  .partial()
  .refine(
    ({ delivery_ids, since, status }) => delivery_ids ?? since ?? status,
    'name delivery_ids, since, or a status',
  );

/** What was sent to an endpoint, what came of it, and once more. */
export const webhookDeliveries =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['callbacks'];
    const config = { scope: 'submit' as const };
    const find = async (id: string, sight: ReturnType<typeof sightOf>) => {
      const endpoint = await findEndpoint(api.db, id, sight);
      if (!endpoint) throw notFound('webhook endpoint', id);
      return endpoint;
    };
    const findEnabled = async (id: string, sight: ReturnType<typeof sightOf>) => {
      const endpoint = await find(id, sight);
      if (endpoint.disabledAt === null) return endpoint;
      throw new Refusal(
        409,
        'endpoint_disabled',
        `This endpoint is disabled: ${endpoint.disabledReason} Enable it first: PATCH { "enabled": true }.`,
      );
    };

    app.post(
      '/webhook-endpoints/:id/ping',
      {
        config,
        schema: {
          tags,
          summary: 'Send an endpoint.ping now, once; the log says how it went',
          params: IdParams,
          response: { 202: DeliveryView, ...problemsOf(401, 403, 404, 409, 503) },
        },
      },
      async (request, reply) => {
        const { id } = await findEnabled(request.params.id, sightOf(request));
        const row = await insertDelivery(api.db, { endpointId: id, type: PING, payload: { endpoint_id: id } });
        return reply.code(202).send(view(row, []));
      },
    );

    app.get(
      '/webhook-endpoints/:id/deliveries',
      {
        config,
        schema: {
          tags,
          summary: 'What was sent there and how every try went, newest first',
          params: IdParams,
          querystring: PageQuery.extend({
            status: DeliveryStatus.optional(),
            cursor: z.coerce.number().int().min(0).optional().describe('`next_cursor` of the page before'),
          }),
          response: {
            200: z.object({ deliveries: z.array(DeliveryView), next_cursor: z.string().nullable() }),
            ...problemsOf(401, 403, 404, 422, 503),
          },
        },
      },
      async (request) => {
        const { id } = await find(request.params.id, sightOf(request));
        const { limit, status, cursor } = request.query;
        const rows = await listDeliveries(api.db, { endpointId: id, status, before: cursor, limit });
        const tries = await triesOf(
          api.db,
          rows.map((row) => row.id),
        );
        return {
          deliveries: rows.map((row) => view(row, tries)),
          next_cursor: rows.length === limit ? String(rows.at(-1)!.sequence) : null,
        };
      },
    );

    app.post(
      '/webhook-endpoints/:id/redeliver',
      {
        config,
        schema: {
          tags,
          summary: 'Send some again, by id or by range, oldest first, under the same webhook-id',
          params: IdParams,
          body: Again,
          response: {
            202: z.object({
              redelivered: z.int(),
              more: z.boolean().describe(`There were more than ${MOST_REDELIVERED}; ask again, with a later since`),
            }),
            ...problemsOf(401, 403, 404, 409, 422, 503),
          },
        },
      },
      async (request, reply) => {
        const { id } = await findEnabled(request.params.id, sightOf(request));
        const { delivery_ids: ids, since, until, status } = request.body;
        const time = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
        const again = { ids, status, since: time(since), until: time(until) };
        const redelivered = await api.db.transaction((tx) => redeliver(tx, id, again, MOST_REDELIVERED));
        return reply.code(202).send({ redelivered, more: redelivered === MOST_REDELIVERED });
      },
    );
  };

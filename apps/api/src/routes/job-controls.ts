import { FLEETS, hasEnded, Priority } from '@reverie/contracts';
import { changeJob, findJob, LANE_KINDS, type Lane, listLanes, lockJob, recordEvent, setLane } from '@reverie/db';
import { PIPELINES, PROVIDERS } from '@reverie/pipelines';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Explanation, explain } from '../jobs/explain.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { JobView, viewOf } from './job-view.ts';
import { Future, IdParams, problemsOf } from './shapes.ts';

const Change = z
  .strictObject({
    priority: Priority,
    held: z.boolean().describe('true: nothing more of it is dispatched until it is released'),
    start_by: Future.nullable(),
    deadline: Future.nullable(),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change');

const LaneView = z.object({
  kind: z.enum(LANE_KINDS),
  name: z.string(),
  weight: z.int(),
  cap: z.int().nullable(),
  paused: z.boolean(),
  paused_at: z.iso.datetime().nullable(),
  paused_until: z.iso.datetime().nullable().describe('When the pause ends by itself'),
  reason: z.string().nullable(),
});

const laneView = ({ kind, name, weight, cap, pausedAt, pausedUntil, reason }: Lane): z.infer<typeof LaneView> => ({
  kind,
  name,
  weight,
  cap,
  paused: pausedAt !== null && (pausedUntil === null || pausedUntil.getTime() > Date.now()),
  paused_at: pausedAt?.toISOString() ?? null,
  paused_until: pausedUntil?.toISOString() ?? null,
  reason,
});

/** What can be said to a job that is under way, and to the lanes it is in. */
export const jobControls =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    app.patch(
      '/jobs/:id',
      {
        config: { scope: 'submit' },
        schema: {
          tags: ['jobs'],
          summary: 'Change priority, hold or release, move start-by or deadline',
          params: IdParams,
          body: Change,
          response: { 200: JobView, ...problemsOf(401, 403, 404, 409, 422, 503) },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { priority, held, start_by, deadline } = request.body;
        const time = (text: string | null) => text && new Date(text);
        const job = await api.db.transaction(async (tx) => {
          const before = await lockJob(tx, id, sightOf(request));
          if (!before) throw notFound('job', id);
          if (hasEnded(before.status))
            throw new Refusal(409, 'already_ended', `The job has ${before.status}; there is nothing left to change.`);
          await recordEvent(tx, id, 'job.changed', { ...request.body });
          return changeJob(tx, id, {
            ...(priority && { priority }),
            ...(held !== undefined && { held }),
            ...(start_by !== undefined && { startBy: time(start_by) as Date | null }),
            ...(deadline !== undefined && { deadline: time(deadline) as Date | null }),
          });
        });
        api.wake();
        return viewOf(api, api.db, job);
      },
    );

    app.get(
      '/jobs/:id/explain',
      {
        config: { scope: 'read' },
        schema: {
          tags: ['jobs'],
          summary: 'Why is this job not moving?',
          params: IdParams,
          response: { 200: Explanation, ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request) => {
        const job = await findJob(api.db, request.params.id, sightOf(request));
        if (!job) throw notFound('job', request.params.id);
        return explain(api.db, api, job);
      },
    );

    app.get(
      '/admin/lanes',
      {
        config: { scope: 'admin' },
        schema: {
          tags: ['admin'],
          summary: 'Owners, fleets and pipelines with a weight, a cap or a pause',
          response: { 200: z.object({ lanes: z.array(LaneView) }), ...problemsOf(401, 403, 503) },
        },
      },
      async () => ({ lanes: (await listLanes(api.db)).map(laneView) }),
    );

    app.put(
      '/admin/lanes/:kind/:name',
      {
        config: { scope: 'admin' },
        schema: {
          tags: ['admin'],
          summary: 'Weigh, cap, pause or resume an owner, a fleet or a pipeline',
          description:
            'A pause leaves what runs alone; a weight is an owner’s share, a cap the most he or a fleet has in flight.',
          params: z.object({ kind: z.enum(LANE_KINDS), name: z.string().min(1).max(200) }),
          body: z
            .strictObject({
              weight: z.int().min(1).max(1_000),
              cap: z.int().min(0).max(100_000).nullable(),
              paused: z.boolean(),
              reason: z.string().max(500).nullable(),
            })
            .partial(),
          response: { 200: LaneView, ...problemsOf(401, 403, 422, 503) },
        },
      },
      async (request) => {
        const { kind, name } = request.params;
        const known = {
          fleet: FLEETS as readonly string[],
          pipeline: PIPELINES.map((it) => it.name),
          provider: PROVIDERS,
          owner: undefined,
        }[kind];
        if (known && !known.includes(name)) {
          throw new Refusal(422, 'unknown_lane', `There is no ${kind} "${name}"; there are ${known.join(', ')}.`);
        }
        const given = Object.entries(request.body).filter(([, value]) => value !== undefined);
        const lane = await setLane(api.db, request.params, Object.fromEntries(given));
        api.wake();
        return laneView(lane);
      },
    );
  };

import { liveWorkers } from '@reverie/db';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SERVICE_STATES } from '../admin/ask-health.ts';
import { MICROSERVICE_NAMES } from '../admin/microservices.ts';
import { podsHealth, servicesHealth } from '../admin/services-health.ts';
import { version } from '../version.ts';
import type { Api } from './api.ts';

/** A dependency that says nothing for this long is as good as away. */
const PATIENCE_MS = 3_000;

const Check = z.object({ status: z.enum(['healthy', 'unhealthy']), ms: z.int(), error: z.string().optional() });

async function look(what: () => Promise<unknown>): Promise<z.infer<typeof Check>> {
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    await Promise.race([what(), silence]);
    return { status: 'healthy', ms: ms() };
  } catch (error) {
    // The message alone: addresses and credentials stay in the log.
    return {
      status: 'unhealthy',
      ms: ms(),
      error: rootOf(error as Error)
        .split('\n')[0]!
        .slice(0, 200),
    };
  } finally {
    clearTimeout(timer);
  }
}

const rootOf = (error: Error): string => (error.cause instanceof Error ? rootOf(error.cause) : error.message);

/** Alive, ready, and who is there. */
export const health =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['health'];
    const services = servicesHealth(api);
    const pods = podsHealth(api);
    const dependencies = async () => {
      const [database, queue, storage] = await Promise.all([
        look(() => api.db.execute('select 1')),
        look(() => api.queue.check()),
        look(() => api.store.check()),
      ]);
      return { database, queue, storage };
    };
    const Dependencies = z.object({ database: Check, queue: Check, storage: Check });
    const ready = (checks: z.infer<typeof Dependencies>) =>
      Object.values(checks).every(({ status }) => status === 'healthy');

    app.get(
      '/livez',
      {
        config: { scope: 'public' },
        logLevel: 'warn',
        schema: { tags, summary: 'The process answers', response: { 200: z.object({ status: z.literal('alive') }) } },
      },
      async () => ({ status: 'alive' as const }),
    );

    const Ready = z.object({ status: z.enum(['ready', 'not ready']), checks: Dependencies });
    app.get(
      '/readyz',
      {
        config: { scope: 'public' },
        logLevel: 'warn',
        schema: { tags, summary: 'Each dependency by name', response: { 200: Ready, 503: Ready } },
      },
      async (_request, reply) => {
        const checks = await dependencies();
        if (ready(checks)) return { status: 'ready' as const, checks };
        return reply.code(503).send({ status: 'not ready', checks });
      },
    );

    app.get(
      '/health',
      {
        config: { scope: 'public' },
        logLevel: 'warn',
        schema: {
          tags,
          summary: 'For people: version, dependencies, services, fleets',
          description:
            'A service that is not well does not change the status: work that needs it waits, the rest goes on.',
          response: {
            200: z.object({
              status: z.enum(['healthy', 'unhealthy']),
              service: z.literal('reverie'),
              version: z.string(),
              timestamp: z.iso.datetime(),
              microservices: z.record(z.enum(MICROSERVICE_NAMES), z.enum(SERVICE_STATES)),
              pods: z.record(z.string(), z.enum(SERVICE_STATES)).describe('By host'),
              checks: Dependencies,
              fleets: z.record(z.string(), z.object({ workers: z.int(), slots: z.int(), busy: z.int() })),
            }),
          },
        },
      },
      async () => {
        const [checks, microservices, podStates] = await Promise.all([dependencies(), services(), pods()]);
        const workers = checks.database.status === 'healthy' ? await liveWorkers(api.db) : [];
        const fleets: Record<string, { workers: number; slots: number; busy: number }> = {};
        for (const { fleet, slots, busy } of workers) {
          const sum = fleets[fleet] ?? { workers: 0, slots: 0, busy: 0 };
          fleets[fleet] = { workers: sum.workers + 1, slots: sum.slots + slots, busy: sum.busy + busy };
        }
        return {
          status: ready(checks) ? ('healthy' as const) : ('unhealthy' as const),
          service: 'reverie' as const,
          version,
          timestamp: new Date().toISOString(),
          microservices,
          pods: podStates,
          checks,
          fleets,
        };
      },
    );
  };

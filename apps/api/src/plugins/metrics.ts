import { backlog, countByStatus, countPendingDeliveries, liveWorkers } from '@reverie/db';
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Api } from '../routes/api.ts';

/** What Prometheus reads. Queue figures come from the rows, at scrape time: they are true with Redis away, and cost nothing between. */
export function metrics(app: FastifyInstance, { db, tally }: Pick<Api, 'db' | 'tally'>): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'reverie_api_' });
  const registers = [registry];

  const requests = new Histogram({
    name: 'reverie_http_request_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'; // the pattern, never the address: labels stay few
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });

  const tasks = new Gauge({
    name: 'reverie_tasks',
    help: 'Tasks that have not ended',
    labelNames: ['fleet', 'status'],
    registers,
  });
  const oldest = new Gauge({
    name: 'reverie_oldest_waiting_seconds',
    help: 'Age of the oldest waiting task',
    labelNames: ['fleet'],
    registers,
  });
  const jobs = new Gauge({
    name: 'reverie_jobs',
    help: 'Jobs in the database',
    labelNames: ['pipeline', 'status'],
    registers,
  });
  const slots = new Gauge({
    name: 'reverie_worker_slots',
    help: 'Slots of the workers that are alive',
    labelNames: ['fleet'],
    registers,
  });
  const busy = new Gauge({
    name: 'reverie_worker_busy_slots',
    help: 'Slots that are working',
    labelNames: ['fleet'],
    registers,
  });
  const callbacks = new Gauge({
    name: 'reverie_callbacks_pending',
    help: 'Callbacks that have not been delivered yet',
    registers,
  });

  const brought = new Counter({
    name: 'reverie_source_total',
    help: 'What sources have brought, and what became of it: accepted, known, skipped, rejected',
    labelNames: ['source', 'outcome'],
    registers,
  });

  app.get(
    '/metrics',
    { config: { scope: 'read' }, logLevel: 'warn', schema: { tags: ['health'], summary: 'Prometheus' } },
    async (_request, reply) => {
      for (const gauge of [tasks, oldest, jobs, slots, busy]) gauge.reset();
      for (const row of await backlog(db)) {
        tasks.set({ fleet: row.fleet, status: row.status }, row.total);
        if (row.status === 'waiting') oldest.set({ fleet: row.fleet }, row.oldestSeconds);
      }
      for (const row of await countByStatus(db)) jobs.set({ pipeline: row.pipeline, status: row.status }, row.total);
      for (const worker of await liveWorkers(db)) {
        slots.inc({ fleet: worker.fleet }, worker.slots);
        busy.inc({ fleet: worker.fleet }, worker.busy);
      }
      brought.reset();
      for (const { source, outcome, total } of tally.read()) brought.inc({ source, outcome }, total);
      callbacks.set(await countPendingDeliveries(db));
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
}

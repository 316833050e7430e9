import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Producer } from '@reverie/queue';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../refusal.ts';
import { toProblem } from './problems.ts';

const PATH = '/admin/queues';

/** Bull Board: the dispatch window as it is. Looking only; what is done to a job is done to its row, through the API. */
export async function board(app: FastifyInstance, { queues }: Pick<Producer, 'queues'>): Promise<void> {
  const server = new FastifyAdapter().setBasePath(PATH);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Reverie queues' } },
  });
  // It brings an error handler of its own, which knows nothing of refusals.
  server.setErrorHandler((error) => {
    const body = toProblem(error);
    return { status: body.status as 500, body: { ...body } };
  });
  await app.register(
    async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, scope: 'admin' };
        route.schema = { ...route.schema, hide: true } as object;
      });
      // readOnlyMode hides buttons and refuses most writes; this refuses all of them.
      scope.addHook('onRequest', async (request) => {
        if (request.method === 'GET' || request.method === 'HEAD') return;
        throw new Refusal(405, 'read_only', 'The dashboard is for looking. Cancel and retry jobs through /jobs.');
      });
      scope.addHook('onSend', async (_request, reply, payload) => {
        if (reply.statusCode >= 400) reply.type('application/problem+json; charset=utf-8');
        return payload;
      });
      await scope.register(server.registerPlugin());
    },
    { prefix: PATH },
  );
}

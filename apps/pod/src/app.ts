import { createHash, timingSafeEqual } from 'node:crypto';
import { openStore } from '@reverie/storage';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import type { Config } from './config.ts';
import { listenerOf } from './listener.ts';
import { makeSubtitles } from './make-subtitles.ts';
import { readManifest } from './manifest.ts';
import { problems } from './problems.ts';
import { Refusal } from './refusal.ts';
import { openRuns } from './runs.ts';
import { openScratch } from './scratch.ts';
import { version } from './version.ts';
import { refuseImpossible } from './what-cannot-be-done.ts';
import { Wish } from './wish.ts';

/** A pod as Reverie asks it: the routes of docs/pods.md, and the one run behind them. */
export async function openPod(config: Config) {
  const log = pino({ level: config.logLevel, name: 'pod', redact: ['req.headers.authorization'] });
  const inputs = openStore(config.inputs);
  const outputs = openStore(config.outputs);
  const scratch = await openScratch(config.scratchDir);
  const listener = listenerOf(config.providers);
  const runs = openRuns({
    log,
    finished: (wish) => readManifest(outputs, wish),
    async make(wish, run) {
      refuseImpossible(wish, config.providers);
      await using folder = await scratch.open(wish.job_id);
      return await makeSubtitles(wish, { ...config, inputs, outputs, listener }, { ...run, dir: folder.path });
    },
  });

  const app = Fastify({ loggerInstance: log as FastifyBaseLogger, forceCloseConnections: 'idle' });
  problems(app);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === '/health' || isKey(request.headers.authorization, config.apiKey)) return;
    throw new Refusal(401, 'unauthorized', 'Send `authorization: Bearer …` with the VL_POD_API_KEY of this pod.');
  });
  app.addHook('preClose', () => runs.close());

  // The answer comes when the run has ended. Nobody has to wait for it: a line that drops stops nothing.
  app.post('/run', async (request) => {
    const { files: _, ...made } = await runs.run(Wish.parse(request.body));
    return { status: 'completed', ...made };
  });

  const known = <T>(jobId: string, status: T | undefined): T => {
    if (status) return status;
    const told = `This pod knows nothing of ${jobId}: it never came here, or the pod was restarted. POST /run tells what has become of it.`;
    throw new Refusal(404, 'not_found', told);
  };
  app.get<{ Params: { id: string } }>('/run/:id', async ({ params: { id } }) => known(id, runs.statusOf(id)));
  app.delete<{ Params: { id: string } }>('/run/:id', async ({ params: { id } }) => known(id, await runs.stop(id)));

  app.get('/health', async () => {
    const running = runs.running();
    return { status: 'ok', busy: running !== undefined, running: running ?? null, version };
  });
  return app;
}

/** Compared by their hashes, which are equally long: how long it takes tells nothing of the key. */
function isKey(header: string | undefined, apiKey: string | undefined): boolean {
  if (apiKey === undefined) return true;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(header ?? ''), hash(`Bearer ${apiKey}`));
}

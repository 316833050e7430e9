import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Consumer, Peek, Producer } from '@reverie/queue';
import type { Logger } from 'pino';
import type { Activity } from './activity.ts';
import { folderSize } from './tools/folder-size.ts';
import { version } from './version.ts';

/** A queue may be away for so long before this worker is said not to be well. */
const MOST_AWAY_MS = 30_000;
/** A queue that says nothing for so long is away. */
const PATIENCE_MS = 2_000;
/** Entries shown of a queue. */
const PEEKED = 20;

export interface StatusOptions {
  host: string;
  port: number;
  worker: string;
  consumers: readonly Consumer[];
  queue: Pick<Producer, 'peek' | 'check'>;
  activity: Activity;
  cacheDir: string;
  log: Logger;
}

/**
 * Document 002's status server, for people who develop: what this worker does and what its queues hold. It looks and
 * claims nothing; there is no key to it, so it listens on this machine unless somebody says otherwise.
 */
export function startStatusServer({ host, port, worker, consumers, queue, activity, cacheDir, log }: StatusOptions) {
  const began = Date.now();
  let draining = false;
  let awaySince: number | undefined;

  const peek = async (): Promise<Record<string, Peek | { error: string }>> => {
    const all = consumers.map(async ({ fleet }) => {
      const seen = await patiently(queue.peek(fleet, PEEKED)).catch(({ message }: Error) => ({ error: message }));
      return [fleet, seen] as const;
    });
    return Object.fromEntries(await Promise.all(all));
  };

  const routes: Record<string, () => Promise<{ status?: number; body: object }>> = {
    async '/healthz'() {
      const error = await patiently(queue.check()).then(
        () => undefined,
        ({ message }: Error) => message,
      );
      awaySince = error === undefined ? undefined : (awaySince ?? Date.now());
      const lost = awaySince !== undefined && Date.now() - awaySince > MOST_AWAY_MS;
      const stopped = consumers.filter((consumer) => !consumer.isTaking()).map(({ fleet }) => fleet);
      const well = !draining && !lost && stopped.length === 0;
      const queueIs = error === undefined ? 'answers' : `away: ${error}`;
      return {
        status: well ? 200 : 503,
        body: {
          status: well ? 'healthy' : draining ? 'draining' : 'unhealthy',
          worker,
          version,
          queue: queueIs,
          stopped,
        },
      };
    },
    '/jobs/peek': async () => ({ body: { worker, running: activity.running(), queues: await peek() } }),
    async '/stats'() {
      const [queues, cache] = await Promise.all([peek(), folderSize(cacheDir)]);
      const counts = Object.entries(queues).map(([fleet, seen]) => [fleet, withoutEntries(seen)]);
      const uptime_seconds = Math.round((Date.now() - began) / 1000);
      const storage = { cache_files: cache.files, cache_bytes: cache.bytes };
      return {
        body: { worker, version, uptime_seconds, ...activity.figures(), storage, queues: Object.fromEntries(counts) },
      };
    },
  };

  const answer = async ({ url = '', method = '' }: IncomingMessage): Promise<{ status?: number; body: object }> => {
    const route = routes[url.split('?')[0]!];
    if (!route) return { status: 404, body: { detail: `There are ${Object.keys(routes).join(', ')}.` } };
    if (!['GET', 'HEAD'].includes(method)) return { status: 405, body: { detail: 'This is for looking.' } };
    return route().catch((error) => {
      log.error({ err: error }, 'the status server failed');
      return { status: 500, body: { detail: 'Something went wrong; the log has it.' } };
    });
  };
  const server = createServer(async (request, response) => {
    const { status = 200, body } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`);
  });
  // Being looked at is a nicety: a port that is taken does not keep a worker from its work.
  server.on('error', ({ message }) =>
    log.warn({ error: message }, 'no status server: set WORKER_HTTP_PORT to a free port'),
  );
  server.listen(port, host, () => {
    log.info({ url: `http://${host}:${(server.address() as AddressInfo).port}` }, 'the status server listens');
  });

  return {
    /** From here on it says that it is not well; it answers until the end. */
    drain() {
      draining = true;
    },
    close: () => server.close(),
  };
}

const withoutEntries = (seen: Peek | { error: string }) => {
  if ('error' in seen) return seen;
  const { waiting, active, delayed } = seen;
  return { waiting, active, delayed };
};

function patiently<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  return Promise.race([answer, silence]).finally(() => clearTimeout(timer));
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { postgresSource } from './postgres.ts';
import { postsSource } from './posts.ts';
import type { Doors, Inlet, Source } from './source.ts';
import { sqsSource } from './sqs.ts';
import { inputBucketOf } from './take-event.ts';
import { hearWords } from './words.ts';

/** THE LIST of what brings jobs in by itself. Webhooks come by a route. */
function sourcesOf({ sources, inputs, privateHosts }: Config): Record<string, Source> {
  const taking = { owner: sources.owner, bucket: inputBucketOf(inputs), privateHosts };
  return {
    posts: postsSource({ users: sources.postUsers }),
    ...(sources.names.has('postgres') && { postgres: postgresSource({ privateHosts }) }),
    ...(sources.names.has('sqs') && { sqs: sqsSource(sources.sqs, taking) }),
  };
}

const AGAIN_MS = 5_000;

/** Runs every source that is configured. One that breaks begins anew; stopping waits for what each has begun. */
export function startSources(doors: Doors, config: Config): { stop(): Promise<void> } {
  const words = hearWords(config.databaseUrl, ['reverie_posts', 'reverie_rows']);
  const inlet: Inlet = { ...doors, words };
  const leaving = new AbortController();
  const { signal } = leaving;
  const running = Object.entries(sourcesOf(config)).map(async ([name, source]) => {
    while (!signal.aborted) {
      await source(inlet, signal).catch(async (error: Error) => {
        if (signal.aborted) return;
        inlet.log.error({ source: name, error: error.message }, 'a source broke; it begins anew');
        await sleep(AGAIN_MS, undefined, { signal }).catch(() => {});
      });
    }
  });
  return {
    async stop() {
      leaving.abort();
      await Promise.all(running);
      await words.close();
    },
  };
}

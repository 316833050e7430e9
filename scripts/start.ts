import { type Environment, withEnvFile } from '@reverie/contracts';
import { migrateDatabase } from '@reverie/db';
import { migrateQueue } from '@reverie/queue';
import { startApi, startPod, startWorker } from './start/apps.ts';
import { Closing } from './start/closing.ts';
import { firstKey } from './start/first-key.ts';
import { readOptions } from './start/options.ts';
import { sampleDream } from './start/sample.ts';
import { samplePost } from './start/sample-post.ts';
import { say } from './start/say.ts';
import { chooseDatabase, chooseFfmpeg, chooseQueue, chooseStorage } from './start/services.ts';
import { untilSignal } from './start/signals.ts';

/** `npm start`: everything one machine needs, a sample dream, and where to look. Opens in order, closes in reverse. */
const options = readOptions(process.argv.slice(2));
const env = withEnvFile(process.env);
const stopped = untilSignal();
await using open = new Closing();
try {
  say.title();
  const [database, ffmpeg] = await Promise.all([chooseDatabase(env, open), chooseFfmpeg(env)]);
  const queue = await chooseQueue(env, database, open);
  const storage = chooseStorage(env);
  await migrateDatabase(database.DATABASE_URL);
  await migrateQueue({ url: queue.REDIS_URL, cluster: false, prefix: env.QUEUE_PREFIX ?? 'reverie' });

  const found = { ...env, ...database, ...queue, ...storage, ...ffmpeg };
  const settings = options.withPod ? { ...found, ...(await startPod(found, open)) } : found;
  const key = await firstKey(env, database);
  const api = await startApi(settings, open);
  await startWorker({ ...settings, ...api }, open);
  const finished = await Promise.race([samples(api.API_BASE_URL, key, settings), stopped, open.anyExit()]);
  say.where(api.API_BASE_URL, settings, ['api', 'worker', ...(options.withPod ? ['pod'] : [])]);
  if (options.once) process.exitCode = finished === 'completed' ? 0 : 1;
  else {
    say.running();
    await Promise.race([stopped, open.anyExit()]);
  }
} catch (error) {
  say.trouble(error as Error);
  process.exitCode = 1;
}

/** A dream becomes a video, and the video gets subtitles where there is a pod. Says how the last of them ended. */
async function samples(api: string, key: string | undefined, settings: Environment): Promise<string> {
  const dream = await sampleDream({ api, key });
  if (!options.withPod || dream.status !== 'completed') return dream.status;
  return samplePost({ api, key }, dream.id, settings);
}

import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@reverie/contracts';
import { type Child, freePort, lastLines, startChild } from '@reverie/embedded';
import type { Closing } from './closing.ts';
import { DATA, inData, reportSecret } from './data.ts';
import { listensToOthers } from './first-key.ts';
import { say } from './say.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PORT = 8000;
const POD_PORT = 8100;

export interface RunningApi {
  API_BASE_URL: string;
  REPORT_SECRET: string;
}

/** The API as a process of its own; back when it answers. */
export async function startApi(env: Environment, open: Closing): Promise<RunningApi> {
  const HOST = env.HOST || '127.0.0.1';
  const own = !listensToOthers(env);
  const REPORT_SECRET = env.REPORT_SECRET || reportSecret();
  const settings = { AUTH: own ? 'off' : 'keys', ...env, HOST, PORT: env.PORT || '', REPORT_SECRET };
  const child = open.opened(
    'the API',
    await startChild({
      name: 'api',
      dir: DATA,
      // By now the leftover of an earlier start, if there was one, has let go of its port.
      async prepare() {
        settings.PORT ||= String((await isFree(PORT)) ? PORT : await freePort());
      },
      command: process.execPath,
      args: ['apps/api/src/main.ts'],
      cwd: ROOT,
      env: settings as NodeJS.ProcessEnv,
    }),
  );
  const API_BASE_URL = `http://${own ? HOST : '127.0.0.1'}:${settings.PORT}`;
  await answers(`${API_BASE_URL}/livez`, child);
  const auth = settings.AUTH === 'off' ? 'no key needed, as it listens on this machine only' : 'with API keys';
  say.service('api', `${API_BASE_URL}, ${auth}`);
  return { API_BASE_URL, REPORT_SECRET };
}

/** The reference pod; back when it answers, with the list of pods that API and worker are to know. */
export async function startPod(env: Environment, open: Closing): Promise<{ VL_POD_RUN_URL: string }> {
  const settings = { SCRATCH_DIR: inData('scratch'), ...env, POD_HOST: '127.0.0.1', POD_PORT: env.POD_PORT || '' };
  const child = open.opened(
    'the pod',
    await startChild({
      name: 'pod',
      dir: DATA,
      async prepare() {
        settings.POD_PORT ||= String((await isFree(POD_PORT)) ? POD_PORT : await freePort());
      },
      command: process.execPath,
      args: ['apps/pod/src/main.ts'],
      cwd: ROOT,
      env: settings as NodeJS.ProcessEnv,
    }),
  );
  const url = `http://127.0.0.1:${settings.POD_PORT}`;
  await answers(`${url}/health`, child);
  const by = env.TRANSCRIBE_BASE_URL || env.OPENAI_API_KEY ? 'it transcribes' : 'it marks where somebody speaks';
  say.service('pod', `${url}, ${by}`);
  return { VL_POD_RUN_URL: [env.VL_POD_RUN_URL, `${url}/run`].filter(Boolean).join(',') };
}

/** One worker process for all fleets. */
export async function startWorker(env: Environment, open: Closing): Promise<void> {
  const settings = { SCRATCH_DIR: inData('scratch'), ...env };
  const options = {
    name: 'worker',
    dir: DATA,
    command: process.execPath,
    args: ['apps/worker/src/main.ts'],
    cwd: ROOT,
  };
  open.opened('the worker', await startChild({ ...options, env: settings as NodeJS.ProcessEnv }));
  const by = env.OPENAI_API_KEY
    ? 'with the models of OPENAI_API_KEY'
    : 'offline, as OPENAI_API_KEY is not set: pictures and sound by ffmpeg';
  say.service('worker', `all fleets, ${by}`);
}

async function answers(url: string, child: Child): Promise<void> {
  let ended: string | undefined;
  void child.exited.then((sentence) => {
    ended = sentence;
  });
  for (;;) {
    if (ended) throw new Error(`${ended}. The end of ${child.logFile}:\n${lastLines(child.logFile)}`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await sleep(50);
  }
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

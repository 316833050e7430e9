import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { PodRun } from '@reverie/contracts';
import type { Store } from '@reverie/storage';
import { type Behaviour, type PodLedger, podLedger } from './pod-behaviour.ts';
import { putOutputs } from './pod-outputs.ts';

export interface FakePodOptions {
  /** Without a prefix: pods use whole keys. */
  store: Store;
  ledger?: PodLedger;
  /** How it goes about the n-th run of a job with this input. */
  behave?: (inputKey: string, nth: number) => Behaviour;
  workMs?: number;
  /** How much longer a late run takes. */
  lateMs?: number;
  /** Asks for this bearer token. */
  apiKey?: string;
  /** Whether it tells of runs (`GET /run/:id`). */
  tells?: boolean;
  /** Fetches the input by its link, as a pod does. */
  fetches?: boolean;
}

export interface FakePod extends AsyncDisposable {
  /** Its `POST /run`. */
  url: string;
  /** Every request, as `POST /run` or `GET /run/…`. */
  asked: string[];
  /** Every run it was given, in order. */
  told: PodRun[];
  /** What `GET /health` answers. */
  health: number;
  /** What it says next to a `POST /run`, whatever it is; then it behaves again. */
  next(status: number, body?: string, headers?: Record<string, string>): void;
}

interface OnGpu {
  status: 'running' | 'completed' | 'failed';
  stopped: AbortController;
  behaviour: Behaviour;
}

/** A pod as the contract has it, with a GPU that sleeps, on a free loopback port. It misbehaves as it is told. */
export async function fakePod(options: FakePodOptions): Promise<FakePod> {
  const { store, ledger = podLedger(), behave = () => 'well', workMs = 20, lateMs = 1_000 } = options;
  const { tells = true, fetches = false, apiKey } = options;
  const known = new Map<string, OnGpu>();
  const replies: [number, string, Record<string, string>][] = [];
  let gone = false;

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    pod.asked.push(`${request.method} ${path}`);
    if (path === '/health') return answer(response, pod.health, {});
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
      return answer(response, 401, { detail: 'who are you?' });
    if (path === '/run' && request.method === 'POST') return void take(request, response);
    const id = path.slice('/run/'.length);
    const run = known.get(id);
    if (!run || !tells) return answer(response, 404, { detail: 'Not Found' });
    if (request.method !== 'DELETE') return answer(response, 200, { status: run.status, progress: 50 });
    if (run.behaviour === 'late') return answer(response, 405, { detail: 'Method Not Allowed' });
    run.stopped.abort();
    known.delete(id);
    return answer(response, 200, {});
  });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = PodRun.parse(await json(request));
    const reply = replies.shift();
    if (reply) return void response.writeHead(reply[0], reply[2]).end(reply[1]);
    const same = known.get(asked.job_id)?.status;
    if (same === 'running') return answer(response, 409, { detail: 'I am at it' });
    if (same === 'completed') return answer(response, 200, { status: 'completed', again: true });
    const other = [...known.values()].find(({ status }) => status === 'running');
    if (other) {
      ledger.clashesWith(other.behaviour);
      return answer(response, 409, { detail: 'busy' });
    }
    pod.told.push(asked);
    const behaviour = behave(asked.s3_input_key, ledger.begins(asked.job_id));
    ledger.goesAbout(asked.job_id, behaviour);
    const run: OnGpu = { status: 'running', stopped: new AbortController(), behaviour };
    known.set(asked.job_id, run);
    try {
      await work(asked, run, response);
    } catch (error) {
      if (!run.stopped.signal.aborted) throw error;
      response.destroy();
    }
  }

  async function work(asked: PodRun, run: OnGpu, response: ServerResponse): Promise<void> {
    const { signal } = run.stopped;
    const { behaviour } = run;
    if (fetches && !(await fetch(asked.input_url)).ok) return fails('the input is not there');
    await sleep(workMs / 2, undefined, { signal });
    if (behaviour === 'restart') return restart();
    if (behaviour === 'forget') return forget();
    if (behaviour === 'drop and go on') response.destroy();
    await sleep(workMs / 2 + (behaviour === 'late' ? lateMs : 0), undefined, { signal });
    switch (behaviour) {
      case '500':
        return fails('CUDA out of memory');
      case 'hang':
        return void (await sleep(2 ** 30, undefined, { signal }));
      case 'lie without manifest':
        return lies();
      case 'lie of another job':
        return lies({ other: { job_id: '00000000-0000-4000-8000-000000000000' } });
      case 'lie about files':
        return lies({ other: { subtitle_vtt_url: 'nowhere.vtt' } });
      case 'half manifest':
        return lies({ share: 0.5 });
      case 'half manifest, then whole':
        await putOutputs(store, asked, { share: 0.5 });
        answer(response, 200, { status: 'completed' });
    }
    await putOutputs(store, asked);
    run.status = 'completed';
    if (response.headersSent) return;
    if (behaviour === 'hang after finishing') return void (await once(response, 'close'));
    if (behaviour === 'drop after finishing') return void response.destroy();
    if (behaviour === '500 after finishing') return answer(response, 500, { detail: 'cannot say' });
    return answer(response, 200, { status: 'completed', gpu_seconds: workMs / 1_000 });

    function fails(detail: string): void {
      run.status = 'failed';
      answer(response, 500, { detail });
    }
    async function lies(how?: Parameters<typeof putOutputs>[2]): Promise<void> {
      if (how) await putOutputs(store, asked, how);
      known.delete(asked.job_id); // asked again, it does it again
      answer(response, 200, { status: 'completed' });
    }
  }

  function forget(): void {
    for (const { stopped } of known.values()) stopped.abort();
    known.clear();
  }

  /** All sockets and all memory gone, and nobody there for a moment. */
  async function restart(): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    forget();
    await closed;
    await sleep(30);
    if (gone) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pod: FakePod = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/run`,
    asked: [],
    told: [],
    health: 200,
    next: (status, body = '', headers = {}) => void replies.push([status, body, headers]),
    async [Symbol.asyncDispose]() {
      gone = true;
      forget();
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
  return pod;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { PodRun } from '@reverie/contracts';
import type { Store } from '@reverie/storage';

/** How a pod goes about one run. `half` manifests are half JSON; `late` ones outlive the caller's patience, and every DELETE. */
export type Behaviour =
  | 'well'
  | '500'
  | '500 after finishing'
  | 'hang'
  | 'hang after finishing'
  | 'drop after finishing'
  | 'drop and go on'
  | 'restart'
  | 'late'
  | 'lie without manifest'
  | 'lie of another job'
  | 'lie about files'
  | 'half manifest, then whole'
  | 'half manifest';

/** What a behaviour wastes: the GPU worked, and there is nothing to show for it. */
const WASTES: readonly Behaviour[] = [
  ...(['500', 'hang', 'restart', 'lie without manifest', 'lie of another job'] as const),
  ...(['lie about files', 'half manifest'] as const),
];

/** One job's runs on the GPUs of all pods that write here. */
interface Counted {
  begun: number;
  /** One, and one more for each that was wasted by the pod's own fault. */
  needed: number;
}

/** What GPUs did: kept outside of pods, which forget. */
export interface PodLedger {
  jobs: Map<string, Counted>;
  /** Times that a pod was asked for a run while it was at another job's. */
  clashes: number;
  /** The most runs that one GPU had at once. */
  most: number;
}
export const podLedger = (): PodLedger => ({ jobs: new Map(), clashes: 0, most: 0 });

export interface FakePodOptions {
  /** Without a prefix: pods use whole keys. */
  store: Store;
  ledger?: PodLedger;
  /** How it goes about a job's n-th run, counted from 1 over all pods of the ledger. */
  behave?: (jobId: string, nth: number) => Behaviour;
  workMs?: number;
  /** How much longer a late run takes. */
  lateMs?: number;
  /** Asks for this bearer token. */
  apiKey?: string;
  /** Answers 409 while it is at another run. Without it two runs are at the GPU, and counted. */
  guarded?: boolean;
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
  /** What it was told to do, in order. */
  told: PodRun[];
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
  const { guarded = true, tells = true, fetches = false, apiKey } = options;
  const known = new Map<string, OnGpu>();
  const queued: [number, string, Record<string, string>][] = [];
  let atWork = 0;

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    pod.asked.push(`${request.method} ${path}`);
    if (path === '/health') return answer(response, pod.health, {});
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
      return answer(response, 401, { detail: 'who are you?' });
    if (path === '/run' && request.method === 'POST') return void take(request, response);
    const run = known.get(path.slice('/run/'.length));
    if (!run || !tells) return answer(response, 404, { detail: 'Not Found' });
    if (request.method !== 'DELETE') return answer(response, 200, { status: run.status, progress: 50 });
    if (run.behaviour === 'late') return answer(response, 405, { detail: 'Method Not Allowed' });
    run.stopped.abort();
    known.delete(path.slice('/run/'.length));
    return answer(response, 200, {});
  });

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = PodRun.parse(await json(request));
    const reply = queued.shift();
    if (reply) return void response.writeHead(reply[0], reply[2]).end(reply[1]);
    const run = known.get(asked.job_id);
    if (run?.status === 'running') return answer(response, 409, { detail: 'I am at it' });
    if (run?.status === 'completed') return answer(response, 200, { status: 'completed', again: true });
    const busy = [...known.values()].some(({ status }) => status === 'running');
    if (busy) ledger.clashes++;
    if (busy && guarded) return answer(response, 409, { detail: 'busy' });
    pod.told.push(asked);
    await begin(asked, response);
  }

  async function begin(asked: PodRun, response: ServerResponse): Promise<void> {
    const id = asked.job_id;
    const counted = ledger.jobs.get(id) ?? { begun: 0, needed: 1 };
    ledger.jobs.set(id, counted);
    counted.begun++;
    const behaviour = behave(id, counted.begun);
    const run: OnGpu = { status: 'running', stopped: new AbortController(), behaviour };
    known.set(id, run);
    ledger.most = Math.max(ledger.most, ++atWork);
    if (WASTES.includes(behaviour)) counted.needed++;
    try {
      await goThrough(asked, { run, response });
    } catch (error) {
      if (!run.stopped.signal.aborted) throw error;
      response.destroy();
    } finally {
      atWork--;
    }
  }

  async function goThrough(asked: PodRun, { run, response }: { run: OnGpu; response: ServerResponse }): Promise<void> {
    const { behaviour } = run;
    const signal = run.stopped.signal;
    if (fetches && !(await fetch(asked.input_url)).ok) return failing('the input is not there');
    await sleep(workMs / 2, undefined, { signal });
    if (behaviour === 'drop and go on') response.destroy();
    if (behaviour === 'restart') return restart();
    await sleep(workMs / 2 + (behaviour === 'late' ? lateMs : 0), undefined, { signal });
    switch (behaviour) {
      case '500':
        return failing('CUDA out of memory');
      case 'hang':
        return void (await sleep(2 ** 30, undefined, { signal }));
      case 'lie without manifest':
        return done();
      case 'lie of another job':
        await put(asked, { job_id: '00000000-0000-4000-8000-000000000000' });
        return done();
      case 'lie about files':
        await put(asked, { subtitle_vtt_url: 'nowhere.vtt' });
        return done();
      case 'half manifest':
        await put(asked, {}, 0.5);
        return done();
      case 'half manifest, then whole':
        await put(asked, {}, 0.5);
        answer(response, 200, { status: 'completed' });
        await put(asked);
        return ended();
      default:
        await put(asked);
    }
    ended();
    if (behaviour === 'hang after finishing') return void (await once(response, 'close'));
    if (behaviour === 'drop after finishing') return void response.destroy();
    if (behaviour === '500 after finishing') return answer(response, 500, { detail: 'cannot say' });
    return answer(response, 200, { status: 'completed', gpu_seconds: workMs / 1_000 });

    function ended(status: 'completed' | 'failed' = 'completed') {
      run.status = status;
    }
    function done() {
      known.delete(asked.job_id); // asked again, it does it again
      answer(response, 200, { status: 'completed' });
    }
    function failing(detail: string) {
      ended('failed');
      answer(response, 500, { detail });
    }
  }

  /** All sockets and all memory gone, and nobody there for a moment. */
  async function restart(): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    for (const run of known.values()) run.stopped.abort();
    known.clear();
    await closed;
    await sleep(30);
    if (gone) return;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  /** Files first, the manifest last; `share` of it. */
  async function put({ job_id, s3_output_prefix: prefix }: PodRun, other: object = {}, share = 1): Promise<void> {
    const write = (name: string, text: string, contentType: string) =>
      store.put(`${prefix}/${name}`, Readable.from([text]), { contentType });
    await Promise.all([write('subtitles.vtt', VTT, 'text/vtt'), write('master.m3u8', HLS, 'application/x-mpegurl')]);
    const manifest = JSON.stringify({
      job_id,
      subtitle_vtt_url: 'subtitles.vtt',
      subtitle_hls_master: `${prefix}/master.m3u8`,
      ...other,
    });
    await write('manifest.json', manifest.slice(0, manifest.length * share), 'application/json');
  }

  let gone = false;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pod: FakePod = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/run`,
    asked: [],
    told: [],
    health: 200,
    next: (status, body = '', headers = {}) => void queued.push([status, body, headers]),
    async [Symbol.asyncDispose]() {
      gone = true;
      for (const { stopped } of known.values()) stopped.abort();
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
  return pod;
}

const VTT = 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n';
const HLS = '#EXTM3U\nvideo/stream.m3u8\n';

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

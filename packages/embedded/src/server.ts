import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, lastLines } from './child.ts';
import { freePort } from './free-port.ts';

export interface Server extends AsyncDisposable {
  url: string;
  port: number;
  pid: number;
  logFile: string;
  /** Resolves with a sentence when it has ended, asked to or not. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

const READY_WITHIN_SECONDS = 60;

export interface ServerOptions {
  port: number | undefined;
  start: (port: number) => Promise<Child>;
  /** Rejects as long as the server, this one and no other, does not answer. */
  ask: (port: number, child: Child) => Promise<void>;
  url: (port: number) => string;
}

/**
 * Starts a server and returns when it answers. One that gives up at once is tried again, on another port unless it was
 * told which: somebody may have taken the free port first, or what a crash left behind may need a moment to go.
 */
export async function startServer({ port: wanted, start, ask, url }: ServerOptions): Promise<Server> {
  for (let triesLeft = 2; ; triesLeft--) {
    const port = wanted ?? (await freePort());
    const child = await start(port);
    const said = await Promise.race([answers(() => ask(port, child), child.exited), child.exited]);
    if (said === undefined) return { url: url(port), port, ...child };
    await child.stop();
    if (triesLeft === 0) throw new Error(`${said}. The end of ${child.logFile}:\n${lastLines(child.logFile)}`);
    await sleep(300);
  }
}

async function answers(ask: () => Promise<void>, exited: Promise<string>): Promise<string | undefined> {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  for (const end = Date.now() + READY_WITHIN_SECONDS * 1000; Date.now() < end && !ended; await sleep(30)) {
    try {
      await ask();
      return undefined;
    } catch {
      // not yet
    }
  }
  return ended ? exited : `no answer within ${READY_WITHIN_SECONDS} s`;
}

import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a wire does to what is said over it. */
export type Fault =
  | { kind: 'pass' }
  /** Every connection is reset, and new ones at once. */
  | { kind: 'cut' }
  /** Swallows what is said and tells nobody; a connection that it happened to says nothing ever again. */
  | { kind: 'half-open' }
  /** Holds back what is said until it is healed, as TCP does when packets are lost. */
  | { kind: 'stall' }
  | { kind: 'latency'; ms: number }
  | { kind: 'trickle'; bytesPerSecond: number }
  /** Every connection is reset after so many bytes of answers. */
  | { kind: 'drop after'; bytes: number };

/** Reads along. What `answered` returns goes to the caller: nothing yet, the answer, or the end of the connection. */
export interface Tap {
  asked(chunk: Buffer): undefined | 'drop';
  answered(chunk: Buffer): Buffer | undefined | 'drop';
}

export interface ProxyOptions {
  name: string;
  /** Where to go, first choice first. Asked for every connection: processes come and go. */
  targets(): readonly number[];
  tap?: () => Tap;
  onFault?: (fault: Fault) => void;
}

/** One wire between two processes, on loopback. What it does to them can be changed at any time. */
export interface FaultProxy extends AsyncDisposable {
  name: string;
  port: number;
  readonly fault: Fault;
  become(fault: Fault): void;
  heal(): void;
  /** Resets what is connected now; what connects next passes. */
  reset(): void;
  /** How many connections are open. */
  open(): number;
}

interface Wire {
  near: Socket;
  far: Socket | undefined;
  /** It has swallowed something: what comes after would make no sense. */
  dead: boolean;
  answeredBytes: number;
}

/** How long one side of a wire may outlast the other. */
const LINGER_MS = 1_000;

export async function startProxy({ name, targets, tap, onFault }: ProxyOptions): Promise<FaultProxy> {
  let fault: Fault = { kind: 'pass' };
  let changed = Promise.withResolvers<void>();
  const wires = new Set<Wire>();

  const end = (wire: Wire) => {
    wires.delete(wire); // whether it was still there or not: ending twice is no harm
    for (const socket of [wire.near, wire.far]) {
      if (socket?.connecting) socket.destroy();
      else socket?.resetAndDestroy();
    }
  };

  /** Hands a chunk on as the fault has it. True when the wire still stands. */
  async function deliver(wire: Wire, to: Socket, chunk: Buffer): Promise<void> {
    while (fault.kind === 'stall' && !wire.dead) await changed.promise;
    if (fault.kind === 'half-open') wire.dead = true;
    if (wire.dead || to.destroyed) return;
    if (fault.kind === 'cut') return end(wire);
    if (fault.kind === 'drop after' && to === wire.near) {
      const left = fault.bytes - wire.answeredBytes;
      if (chunk.length >= left) {
        if (left > 0) to.write(chunk.subarray(0, left));
        return void setImmediate(end, wire);
      }
    }
    if (to === wire.near) wire.answeredBytes += chunk.length;
    if (fault.kind !== 'trickle') return write(to, chunk);
    for (let at = 0; at < chunk.length; ) {
      const size: number = fault.kind === 'trickle' ? Math.max(1, Math.floor(fault.bytesPerSecond / 20)) : chunk.length;
      await write(to, chunk.subarray(at, at + size));
      at += size;
      if (at < chunk.length) await Promise.race([sleep(50), changed.promise]);
    }
  }

  function pump(wire: Wire, from: Socket, to: Socket, through: (chunk: Buffer) => Buffer | undefined | 'drop') {
    // One after the other, whatever the fault becomes meanwhile.
    let tail: Promise<unknown> = Promise.resolve();
    let waiting = 0;
    from.on('data', (chunk: Buffer) => {
      const late = fault.kind === 'latency' ? sleep(fault.ms) : undefined;
      if (++waiting > 64) from.pause();
      tail = Promise.all([tail, late])
        .then(() => {
          const passed = through(chunk);
          if (passed === 'drop') return end(wire);
          return passed && deliver(wire, to, passed);
        })
        .catch(() => end(wire))
        .finally(() => {
          waiting--;
          if (waiting <= 16) from.resume();
        });
    });
    // A side that goes is told to the other, unless nothing gets through.
    from.on('close', () => {
      void tail.then(async () => {
        while (fault.kind === 'stall' && !wire.dead) await changed.promise;
        if (wire.dead || fault.kind === 'half-open') {
          wire.dead = true;
          if (wire.near.destroyed && (wire.far?.destroyed ?? true)) wires.delete(wire);
          return;
        }
        // What was asked before the caller went is still done, and its answer read along.
        if (to === wire.near) to.end();
        setTimeout(end, LINGER_MS, wire).unref();
      });
    });
  }

  const server = createServer({ noDelay: true }, async (near) => {
    const wire: Wire = { near, far: undefined, dead: false, answeredBytes: 0 };
    near.on('error', () => {});
    if (fault.kind === 'cut') return near.resetAndDestroy();
    wires.add(wire);
    if (fault.kind === 'half-open') {
      wire.dead = true;
      return near.resume().on('close', () => wires.delete(wire));
    }
    near.pause();
    const far = await firstThatAnswers(targets());
    if (!far || near.destroyed) {
      far?.destroy();
      return end(wire);
    }
    wire.far = far;
    const heard = tap?.();
    pump(wire, near, far, (chunk) => heard?.asked(chunk) ?? chunk);
    pump(wire, far, near, (chunk) => (heard ? heard.answered(chunk) : chunk));
    near.resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const become = (next: Fault) => {
    if (next.kind !== fault.kind) onFault?.(next);
    fault = next;
    changed.resolve();
    changed = Promise.withResolvers<void>();
    if (next.kind === 'cut') for (const wire of wires) end(wire);
    if (next.kind === 'drop after') for (const wire of wires) wire.answeredBytes = 0;
  };
  return {
    name,
    port: (server.address() as AddressInfo).port,
    get fault() {
      return fault;
    },
    become,
    heal: () => become({ kind: 'pass' }),
    reset: () => {
      for (const wire of wires) end(wire);
    },
    open: () => wires.size,
    async [Symbol.asyncDispose]() {
      server.close();
      become({ kind: 'cut' });
    },
  };
}

async function firstThatAnswers(ports: readonly number[]): Promise<Socket | undefined> {
  for (const port of ports) {
    const socket = dial({ port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => {});
    const reached = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    if (reached) return socket;
  }
  return undefined;
}

async function write(to: Socket, chunk: Buffer): Promise<void> {
  if (to.write(chunk) || to.destroyed) return;
  await Promise.race([once(to, 'drain'), once(to, 'close')]).catch(() => {});
}
